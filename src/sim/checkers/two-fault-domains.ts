import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * As placed, a role of two or more instances spans two fault domains, and so does each of its upgrade domains with two or more; the counts of a role
 * differ by at most one. Healing may have to accept less, since running comes first.
 */
export function twoFaultDomains({ controller }: World): Checker {
  const judged = new Set<string>()
  let seen: FabricState | undefined
  return {
    name: 'two-fault-domains',
    check() {
      const state = controller.state()
      const before = seen
      seen = state
      if (!state) return nothing
      // If a controller placed instances and died, the hosts that it had to choose from are unknown.
      if (!before) for (const { id, request } of state.stored.deployment.values()) if (!request) judged.add(id)
      if (!before || state.stored.deployment === before.stored.deployment) return nothing
      const complaints: string[] = []
      for (const { id, request } of state.stored.deployment.values()) {
        if (request || judged.has(id)) continue
        judged.add(id)
        // A host that came or went together with the placement may or may not have been considered.
        if (racksOf(before) > 1 && racksOf(state) > 1) complaints.push(...judge(state, id))
      }
      return complaints
    },
  }
}

/** Fault domains with a host that is present and takes instances. */
function racksOf({ stored, observed }: FabricState): number {
  const usable = [...stored.host.values()].filter(({ name, drain }) => !observed.lost.has(name) && !drain)
  return new Set(usable.map(({ faultDomain }) => faultDomain)).size
}

function judge(state: FabricState, deployment: string): readonly string[] {
  const instances = [...state.stored.instance.values()].filter((instance) => instance.deployment === deployment)
  const rackOf = ({ host }: InstanceRecord) => state.stored.host.get(host)?.faultDomain
  return [...Map.groupBy(instances, ({ role }) => role)].flatMap(([role, ofRole]) => {
    const counts = [...Map.groupBy(ofRole, rackOf).values()].map(({ length }) => length)
    const domains = [...Map.groupBy(ofRole, ({ upgradeDomain }) => upgradeDomain)]
    const narrow = domains.filter(([, ofDomain]) => ofDomain.length > 1 && new Set(ofDomain.map(rackOf)).size < 2)
    return [
      ...(ofRole.length > 1 && counts.length < 2 ? [`role ${role} of ${deployment} stands in one fault domain`] : []),
      ...narrow.map(
        ([domain]) => `upgrade domain ${domain} of role ${role} of ${deployment} stands in one fault domain`,
      ),
      ...(counts.length > 1 && Math.max(...counts) - Math.min(...counts) > 1
        ? [`role ${role} of ${deployment} has ${counts.join(', ')} instances in its fault domains`]
        : []),
    ]
  })
}
