import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { failed, succeeded } from '../history/operations.ts'
import type { Change } from '../state/change.ts'
import { put } from '../state/keep.ts'
import type { DeploymentRecord, Waiting } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** Operations that wait for an update or for one of its domains (U-35). */
const ofUpdate: readonly Waiting['until'][] = ['updated', 'walked']

/** The deployment without the operations that waited for `until`, and these operations, ended. */
export function ended(
  state: FabricState,
  deployment: DeploymentRecord,
  how: { readonly until?: 'walked'; readonly fault?: Fault },
  now: Instant,
): { readonly waiting: readonly Waiting[]; readonly changes: readonly Change[] } {
  const over = ({ until }: Waiting) => (how.until ? until === how.until : ofUpdate.includes(until))
  const changes = deployment.waiting.filter(over).flatMap(({ operation }) => {
    const record = state.stored.operation.get(operation)
    if (record?.status !== 'InProgress') return []
    return [put('operation', operation, how.fault ? failed(record, how.fault, now) : succeeded(record, now))]
  })
  return { waiting: deployment.waiting.filter((one) => !over(one)), changes }
}

/** Why an operation ends when a newer request replaces its update (U-35). */
export function overtaken(requestId: string, what: 'deployment' | 'host' = 'deployment'): Fault {
  return {
    code: 'ConflictError',
    message: `The operation was overtaken by the request with x-ms-requestid ${requestId} on the same ${what}.`,
  }
}
