import type { HostView } from '../../contract/views.ts'
import { instancesOn } from '../find.ts'
import { coresOf, noLoad } from '../load.ts'
import type { HostRecord } from '../records.ts'
import type { FabricState } from '../state.ts'

export function hostsView(state: FabricState): readonly HostView[] {
  return [...state.stored.host.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((host) => hostView(state, host))
}

function hostView(state: FabricState, { name, cores, faultDomain, inService }: HostRecord): HostView {
  const taken = coresOf(state.derived.loads.get(name, noLoad))
  return {
    name,
    state: state.observed.lost.has(name) ? 'Lost' : inService ? 'InService' : 'Reserve',
    cores,
    freeCores: cores - taken,
    faultDomain,
    instances: instancesOn(state, name).map(({ key }) => key),
  }
}
