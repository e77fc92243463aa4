import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type CommandEnvelope, httpStatusOf, type OperationRecord } from '../../contract/commands.ts'

/** The record of a request that was just accepted; `told` is what it shows of the request. */
export function begun(
  envelope: CommandEnvelope,
  told: Pick<OperationRecord, 'objectId' | 'parameters'>,
  now: Instant,
): OperationRecord {
  return {
    id: envelope.requestId,
    subscriptionId: envelope.subscriptionId,
    name: envelope.operationName,
    ...told,
    caller: envelope.caller,
    status: 'InProgress',
    startedAt: now,
  }
}

export function succeeded(operation: OperationRecord, now: Instant): OperationRecord {
  return { ...operation, status: 'Succeeded', httpStatus: 200, completedAt: now }
}

/** The record of a failed operation carries the status that the request would have had (O-3). */
export function failed(operation: OperationRecord, error: Fault, now: Instant): OperationRecord {
  return { ...operation, status: 'Failed', httpStatus: httpStatusOf(error.code), error, completedAt: now }
}
