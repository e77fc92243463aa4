import { type Fault, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { failed } from '../history/operations.ts'
import type { Change } from '../state/change.ts'
import { put } from '../state/keep.ts'
import type { DeploymentRecord, Waiting } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { overtaken } from './operations.ts'

/** What the fabric takes in hand at once, so that waiting for it holds no lock: a second update may follow the first (O-9). */
const withoutLock: readonly Waiting['until'][] = ['running', 'updated', 'walked']

/** The operation that locks a deployment; undefined when it is not locked (U-40, O-8). */
export function lockOf(deployment: Pick<DeploymentRecord, 'waiting'>): string | undefined {
  return deployment.waiting.find(({ until }) => !withoutLock.includes(until))?.operation
}

/** Why a changing request must be refused now (O-8); undefined when it may go on. */
export function lockFault(deployment: Pick<DeploymentRecord, 'waiting'>): Fault | undefined {
  const holder = lockOf(deployment)
  return holder === undefined
    ? undefined
    : refused(
        'ConflictError',
        `Windows Azure is currently performing an operation with x-ms-requestid ${holder} on this deployment that requires exclusive access.`,
      ).fault
}

/**
 * Why a deployment cannot be deleted now. One that is set aside can (F-27), and so can one of which an instance restarts (U-66): the operation that
 * locks it may never end, as when the instance's host can store nothing.
 */
export function deletionFault({ observed }: FabricState, deployment: DeploymentRecord): Fault | undefined {
  const { waiting, id, wanted } = deployment
  const isSetAside = observed.thrown.has(deploymentSubject(id)) && wanted !== 'Deleted'
  if (isSetAside) return undefined
  return lockFault({ waiting: waiting.filter(({ until }) => typeof until !== 'object') })
}

/** Ends all waiting operations, because a newer request makes them pointless, and names that request (as in U-35). */
export function supersede(
  state: FabricState,
  { waiting }: Pick<DeploymentRecord, 'waiting'>,
  requestId: string,
  now: Instant,
): readonly Change[] {
  return waiting.flatMap(({ operation }) => {
    const record = state.stored.operation.get(operation)
    return record ? [put('operation', operation, failed(record, overtaken(requestId), now))] : []
  })
}
