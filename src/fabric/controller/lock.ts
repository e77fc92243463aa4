import { type Fault, refused } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Change, put } from './keep.ts'
import { failed } from './operations.ts'
import type { DeploymentRecord } from './records.ts'
import type { FabricState } from './state.ts'

/**
 * The operation that has a deployment to itself, undefined when it is not locked (U-40, O-8). A resumed deployment is in the
 * fabric's hands at once, so that waiting for its instances holds no lock.
 */
export function lockOf(deployment: DeploymentRecord): string | undefined {
  return deployment.waiting.find(({ until }) => until !== 'running')?.operation
}

/** Why a changing request must be refused now (O-8); undefined when nothing is in its way. */
export function lockFault(deployment: DeploymentRecord): Fault | undefined {
  const holder = lockOf(deployment)
  return holder === undefined
    ? undefined
    : refused(
        'ConflictError',
        `Windows Azure is currently performing an operation with x-ms-requestid ${holder} on this deployment that requires exclusive access.`,
      ).fault
}

/** Ends the operations that a newer request makes pointless, naming that request (as in U-35). */
export function supersede(
  state: FabricState,
  deployment: DeploymentRecord,
  requestId: string,
  now: Instant,
): readonly Change[] {
  return deployment.waiting.flatMap(({ operation }) => {
    const record = state.stored.operation.get(operation)
    const message = `The operation was overtaken by the request with x-ms-requestid ${requestId} on the same deployment.`
    return record ? [put('operation', operation, failed(record, { code: 'ConflictError', message }, now))] : []
  })
}
