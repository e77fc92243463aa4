import type { Instant } from '../../../kernel/instant.ts'
import type { HostView } from '../../contract/views.ts'
import { brakeWords, isBraked } from '../brake/brake.ts'
import { asideWords } from '../history/set-aside.ts'
import { unknownOn } from '../seen/unknown.ts'
import { servicedByHost, waitsOf } from '../servicing/waits.ts'
import { instancesOn } from '../state/find.ts'
import { coresOf, noLoad } from '../state/load.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { hostSubject } from '../subject.ts'

export function hostsView(state: FabricState, now: Instant): readonly HostView[] {
  const hosts = [...state.stored.host.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const serviced = servicedByHost(state)
  return hosts.map((host) => {
    const view = hostView(state, host, serviced.get(host.name), now)
    const words = asideWords(state, hostSubject(host.name))
    return words === undefined ? view : { ...view, waitsFor: [...view.waitsFor, words] }
  })
}

function hostView(
  state: FabricState,
  host: HostRecord,
  serviced: readonly DeploymentRecord[] | undefined,
  now: Instant,
): HostView {
  const { name, cores, faultDomain } = host
  const taken = coresOf(state.derived.loads.get(name, noLoad))
  return {
    name,
    state: stateOf(state, host),
    cores,
    freeCores: cores - taken,
    faultDomain,
    instances: instancesOn(state, name).map(({ key }) => key),
    waitsFor: [
      ...(isBraked(state) && host.lost ? [brakeWords(state)] : []),
      ...(host.drain || serviced ? waitsOf(state, host, serviced ?? [], now) : []),
    ],
    unknown: unknownOn(state, name).map(({ key }) => key),
  }
}

/** A drained host is expected to be away: it was drained for that. */
function stateOf(state: FabricState, { name, inService, drain }: HostRecord): HostView['state'] {
  if (drain) return drain.drainedAt === undefined ? 'Draining' : 'Drained'
  return state.observed.lost.has(name) ? 'Lost' : inService ? 'InService' : 'Reserve'
}
