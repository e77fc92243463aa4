import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import type { Candidate } from './placement.ts'

/**
 * The hosts as one deployment sees them: with the number of its fault domain in the place of the rack's label. Its racks are those that it was placed
 * on. One that the fabric got later counts for the fault domain of which it has instances already; without any, for one of those with the fewest
 * racks, in the first of these views, and for another in each further one. No rack is ever in two fault domains. One view, of the hosts as
 * they are, where racks do not count for it.
 */
export function viewsFor(
  state: FabricState,
  { id, faultDomains }: Pick<DeploymentRecord, 'id' | 'faultDomains'>,
  candidates: readonly Candidate[],
): readonly (readonly Candidate[])[] {
  if (faultDomains.length === 0) return [candidates]
  const domains = new Map(faultDomains.map((rack, domain) => [rack, domain]))
  const racks = [...new Set(candidates.map(({ faultDomain }) => faultDomain))].sort((a, b) => a - b)
  if (racks.every((rack) => domains.has(rack))) return [seenBy(domains, candidates)]
  for (const { host, faultDomain } of instancesOf(state, id)) {
    const rack = state.stored.host.get(host)?.faultDomain
    if (rack !== undefined && !domains.has(rack)) domains.set(rack, faultDomain)
  }
  const held = faultDomains.map((_, domain) => racks.filter((rack) => domains.get(rack) === domain).length)
  const poorest = [...held.keys()].sort((a, b) => (held[a] as number) - (held[b] as number))
  const added = racks.filter((rack) => !domains.has(rack))
  return (added.length === 0 ? [0] : poorest).map((_, turn) => {
    const further = added.map((rack, at): [number, number] => [rack, poorest[(at + turn) % poorest.length] as number])
    return seenBy(new Map([...domains, ...further]), candidates)
  })
}

function seenBy(domains: ReadonlyMap<number, number>, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.map((one) => ({ ...one, faultDomain: domains.get(one.faultDomain) as number }))
}
