import type { DeploymentReference, Slot } from '../../fabric/contract/commands.ts'
import { type Result, refused } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import type { OperationName } from '../contract/operations.ts'
import type { Document } from '../contract/wire/document.ts'

/** A request whose caller, version and path have been found right. */
export interface Call {
  readonly operation: OperationName
  readonly subscriptionId: string
  /** Variable segments of the path, by their names in the operation's pattern; `slot` in its one spelling. */
  readonly params: Readonly<Record<string, string>>
  /** Query and continuation header; names in lower case. */
  readonly query: ReadonlyMap<string, string>
  /** `YYYY-MM-DD` */
  readonly version: string
  readonly contentType: string
  /** '' when the body is as it is. */
  readonly contentEncoding: string
  readonly body: Uint8Array
  /** `https://HOST[:PORT]` as the caller wrote it: the beginning of absolute addresses in answers (R-30, C-3). */
  readonly base: string
}

/** The answer of an operation that succeeded. */
export interface Reply {
  /** XML; left out where the operation has no answer body. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The document in the body. A body whose headers state another type is not tried. */
export function bodyOf<Value>(call: Call, document: Document<Value>): Result<Value> {
  const kind = call.contentType.trim().toLowerCase()
  if (kind.startsWith('application/json') || kind.startsWith('multipart/'))
    return refusals.wrongContentType(call.contentType)
  if (!/^\s*(?:identity\s*)?$/i.test(call.contentEncoding)) return refusals.encodedBody(call.contentEncoding)
  if (call.body.length === 0)
    return refused('InvalidXmlRequest', 'The request has no body. Send the document that the operation asks for.')
  return document.read(call.body)
}

export function serviceOf(call: Call): string {
  return call.params['service'] ?? ''
}

/** The deployment that the path names by slot or by name. */
export function deploymentOf(call: Call): DeploymentReference {
  const { slot, deployment = '' } = call.params
  const service = serviceOf(call)
  return slot === undefined ? { service, name: deployment } : { service, slot: slot as Slot }
}
