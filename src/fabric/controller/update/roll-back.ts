import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import type { FabricState } from '../state/state.ts'
import { beginUpdate } from './begin-update.ts'
import { findChangeable } from './changeable.ts'
import { losesLocalData, rollbackFault, rolledBack } from './rollback.ts'

/** U-43 to U-45, D-17. */
export function rollBack(
  state: FabricState,
  { deployment: reference, mode, force }: CommandOf<'rollback'>,
  request: Request,
): Result<Accepted> {
  const found = findChangeable(state, request.subscriptionId, reference)
  if (!found.ok) return found
  const former = found.value
  const fault = rollbackFault(state, former)
  if (fault || !former.update) return fault ? { ok: false, fault } : refused('ConflictError', 'No update is active.')
  if (!force && losesLocalData(state, former, former.update))
    return refused(
      'BadRequest',
      `The rollback of the deployment ${former.name} would lose local data, since it changes the size of role instances. Set Force to true if that is wanted.`,
    )
  const deployment = rolledBack(former, former.update, { id: request.requestId, mode }, request.now)
  const places = { instances: [], cursor: state.observed.addressCursor }
  return fine(beginUpdate(state, former, { deployment, places }, request))
}
