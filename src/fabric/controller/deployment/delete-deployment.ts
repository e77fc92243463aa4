import { fine, type Result } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { findDeployment } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { deletionFault, supersede } from '../update/lock.ts'

/** U-66, D-19: allowed in every state that is not locked, and always when it is set aside (F-27); ends all operations that wait. */
export function deleteDeployment(
  state: FabricState,
  command: CommandOf<'deleteDeployment'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const found = findDeployment(state, subscriptionId, command.deployment)
  if (!found.ok) return found
  const deployment = found.value
  const locked = deletionFault(state, deployment)
  if (locked) return { ok: false, fault: locked }
  const waiting = [{ operation: requestId, until: 'gone' }] as const
  return fine({
    changes: [
      ...supersede(state, deployment, requestId, now),
      put('deployment', deployment.id, {
        ...deployment,
        wanted: 'Deleted',
        update: undefined,
        waiting,
        modifiedAt: now,
      }),
    ],
    touched: [deploymentSubject(deployment.id)],
    ended: false,
  })
}
