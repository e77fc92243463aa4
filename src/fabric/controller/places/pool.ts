import { noLoad } from '../state/load.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import type { Candidate } from './placement.ts'
import { addressRoom } from './subnets.ts'

/** Hosts that may take instances now: registered, not lost and not being serviced. */
export function candidatesOf(state: FabricState): readonly Candidate[] {
  const usable: Candidate[] = []
  for (const host of state.stored.host.values())
    if (!state.observed.lost.has(host.name) && !host.drain) usable.push(candidate(state, host))
  return usable
}

function candidate(state: FabricState, host: HostRecord): Candidate {
  return { ...host, addresses: addressRoom(host), load: state.derived.loads.get(host.name, noLoad) }
}

/**
 * The ways to map the fault domains of instances (0, 1, …) to the racks of hosts, best first: all racks in their order; the same rotated, so that the
 * first rack need not take every single instance; then fewer racks, down to two. With fewer than two racks there is one way, without racks.
 */
export function faultDomainPlans(candidates: readonly Candidate[]): readonly (readonly number[])[] {
  const racks = [...new Set(candidates.map(({ faultDomain }) => faultDomain))].sort((a, b) => a - b)
  if (racks.length < 2) return [[]]
  const plans: (readonly number[])[] = []
  for (let count = racks.length; count >= 2; count--)
    for (let first = 0; first < racks.length; first++)
      plans.push(Array.from({ length: count }, (_, i) => racks[(first + i) % racks.length] as number))
  return plans
}
