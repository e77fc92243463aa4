import type { Road } from '../../../host/contract/goal.ts'
import { renewGoals } from '../state/goal-versions.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'

/** The ways from a host to the guests of those on other machines, in the order of their names; none for a host whose machine is alone, or was removed. */
export function roadsOf(state: FabricState, host: string): readonly Road[] {
  const own = roadTo(state.stored.host.get(host))
  if (!own) return []
  return [...state.stored.host.values()]
    .flatMap((other) => roadTo(other) ?? [])
    .filter(({ address }) => address !== own.address)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The state in which a host came, went or changed: when others see another road to it, or none any more, the goals of all are new. */
export function withRoadsTo(state: FabricState, host: string, before: HostRecord | undefined): FabricState {
  const [former, present] = [roadTo(before), roadTo(state.stored.host.get(host))]
  if (former?.address === present?.address && former?.subnet === present?.subnet) return state
  const all = [...state.stored.host.values()].filter((one) => roadTo(one) !== undefined)
  return renewGoals(
    state,
    all.map(({ name }) => name),
  )
}

function roadTo(host: HostRecord | undefined): Road | undefined {
  if (!host || host.removed) return undefined
  const { name, subnet, address } = host
  return subnet === undefined || address === undefined ? undefined : { name, subnet, address }
}
