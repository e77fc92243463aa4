import type { Road } from '../../../host/contract/goal.ts'
import { renewGoals } from '../state/goal-versions.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'

/** The ways from a host to the guests of those on other machines, in the order of their names; none for a host that is on no machine with an address. */
export function roadsOf(state: FabricState, host: string): readonly Road[] {
  const own = state.stored.host.get(host)?.address
  if (own === undefined) return []
  return [...state.stored.host.values()]
    .flatMap(({ name, subnet, address }) =>
      subnet === undefined || address === undefined || address === own ? [] : [{ name, subnet, address }],
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The state in which a host came, went or changed: when others see another road to it, or none any more, their goals are new. */
export function withRoadsTo(state: FabricState, host: string, before: HostRecord | undefined): FabricState {
  const after = state.stored.host.get(host)
  if (before?.address === after?.address && before?.subnet === after?.subnet) return state
  if (before?.address === undefined && after?.address === undefined) return state
  const hosts = [...state.stored.host.values()].filter(({ address }) => address !== undefined)
  return renewGoals(
    state,
    hosts.map(({ name }) => name),
  )
}
