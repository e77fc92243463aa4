import { fine, type Result } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { findGroup, groupKey } from './affinity-groups.ts'

/** S-6: omitted fields keep their values. */
export function updateAffinityGroup(
  state: FabricState,
  { group, label, description }: CommandOf<'updateAffinityGroup'>,
  { subscriptionId }: Request,
): Result<Accepted> {
  const found = findGroup(state, subscriptionId, group)
  if (!found.ok) return found
  const record = {
    ...found.value,
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
  }
  return fine({ changes: [put('affinityGroup', groupKey(subscriptionId, group), record)], touched: [], ended: true })
}
