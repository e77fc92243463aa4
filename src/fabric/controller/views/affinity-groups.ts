import type { AffinityGroupView } from '../../contract/affinity-group.ts'
import type { Views } from '../../contract/views.ts'
import { servicesIn } from '../belongings/affinity-groups.ts'
import type { FabricState } from '../state/state.ts'

/** S-6. */
export function affinityGroupsView(
  state: FabricState,
  { subscriptionId }: Views['affinityGroups']['ask'],
): readonly AffinityGroupView[] {
  return [...state.stored.affinityGroup.values()]
    .filter((group) => group.subscriptionId === subscriptionId)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((group) => {
      const { name, label, description, location, createdAt } = group
      return { name, label, description, location, createdAt, services: servicesIn(state, group) }
    })
}
