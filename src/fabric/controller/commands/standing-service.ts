import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { findService } from '../find.ts'
import type { FabricState } from '../state.ts'

/** Key of the service, unless it is being deleted: then nothing can be added to it any more (O-10). */
export function standingService(state: FabricState, subscriptionId: string, name: string): Result<string> {
  const found = findService(state, subscriptionId, name)
  if (!found.ok) return found
  const { deleting } = found.value
  return deleting
    ? refused('ConflictError', `The hosted service ${found.value.name} is being deleted by the request ${deleting}.`)
    : fine(found.value.name.toLowerCase())
}
