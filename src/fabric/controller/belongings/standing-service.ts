import { type Result, refused } from '../../../kernel/fault.ts'
import { findService } from '../state/find.ts'
import type { ServiceRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** The service, unless it is being deleted: then it can no longer be changed (O-10). */
export function standingService(state: FabricState, subscriptionId: string, name: string): Result<ServiceRecord> {
  const found = findService(state, subscriptionId, name)
  if (!found.ok || !found.value.deleting) return found
  return refused(
    'ConflictError',
    `The hosted service ${found.value.name} is being deleted by the request ${found.value.deleting}.`,
  )
}
