import { operationStatuses } from '../../../fabric/contract/commands.ts'
import { record } from '../../../kernel/document/record.ts'
import { count, oneOf, text } from '../../../kernel/document/scalars.ts'
import { optional } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { errorTag } from './error.ts'

const shape = {
  /** The request ID as a hyphenated GUID. */
  id: text('ID'),
  status: oneOf('Status', operationStatuses),
  /** Once ended: 200, or the status that the request would have had. */
  httpStatusCode: optional(count('HttpStatusCode')),
  error: optional(errorTag),
}

/** Answer of Get Operation Status (O-3). */
export const operationDocument = document(record('Operation', shape))

/** The same inside an entry of List Subscription Operations (S-2). */
export const operationStatusTag = record('OperationStatus', shape)
