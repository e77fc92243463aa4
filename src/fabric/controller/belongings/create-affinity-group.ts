import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { groupKey } from './affinity-groups.ts'
import { beyondSubscription } from './limits.ts'

/** S-6: a name that the subscription has already is a conflict. */
export function createAffinityGroup(
  state: FabricState,
  { group, label, description, location }: CommandOf<'createAffinityGroup'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const key = groupKey(subscriptionId, group)
  if (state.stored.affinityGroup.has(key))
    return refused('ConflictError', `The affinity group ${group} exists already. Choose another name.`)
  const current = state.stored.affinityGroup.count((one) => one.subscriptionId === subscriptionId)
  const beyond = beyondSubscription('affinity groups count', current)
  if (beyond) return { ok: false, fault: beyond }
  const record = { name: group, subscriptionId, label, description, location, createdAt: now }
  return fine({ changes: [put('affinityGroup', key, record)], touched: [], ended: true })
}
