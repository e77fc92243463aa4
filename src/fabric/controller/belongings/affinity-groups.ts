import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { AffinityGroupRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** Key of an affinity group in its table: names are the subscription's own, letter case aside. */
export function groupKey(subscriptionId: string, name: string): string {
  return `${subscriptionId}/${name.toLowerCase()}`
}

export function findGroup(state: FabricState, subscriptionId: string, name: string): Result<AffinityGroupRecord> {
  const group = state.stored.affinityGroup.get(groupKey(subscriptionId, name))
  return group ? fine(group) : refused('ResourceNotFound', 'The affinity group does not exist.')
}

/** Names of the cloud services in a group. */
export function servicesIn(state: FabricState, { name, subscriptionId }: AffinityGroupRecord): readonly string[] {
  return [...state.stored.service.values()]
    .filter((service) => service.subscriptionId === subscriptionId && service.affinityGroup === name)
    .map((service) => service.name)
    .sort()
}
