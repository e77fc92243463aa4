import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { drop } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { findGroup, groupKey, servicesIn } from './affinity-groups.ts'

/** S-6: a group that still has services is not deleted. */
export function deleteAffinityGroup(
  state: FabricState,
  { group }: CommandOf<'deleteAffinityGroup'>,
  { subscriptionId }: Request,
): Result<Accepted> {
  const found = findGroup(state, subscriptionId, group)
  if (!found.ok) return found
  const services = servicesIn(state, found.value)
  if (services.length > 0)
    return refused(
      'ConflictError',
      `The affinity group ${found.value.name} is used by ${services.join(', ')}. Delete the services first.`,
    )
  return fine({ changes: [drop('affinityGroup', groupKey(subscriptionId, group))], touched: [], ended: true })
}
