import type { ServiceDefinition } from '../definition.ts'
import { canonical, changes, inWords } from './canonical.ts'
import type { Difference, DifferenceKind } from './difference.ts'

/** Differences of the service as a whole, its roles apart. */
export function compareService(current: ServiceDefinition, next: ServiceDefinition): readonly Difference[] {
  return [
    ...compareValue('name', 'the service name', current.name, next.name),
    ...compareValue(
      'upgradeDomainCount',
      'the upgradeDomainCount',
      current.upgradeDomainCount,
      next.upgradeDomainCount,
    ),
    ...compareValue(
      'topologyChangeDiscovery',
      'the topologyChangeDiscovery',
      current.topologyChangeDiscovery,
      next.topologyChangeDiscovery,
    ),
    ...changes(current.loadBalancerProbes, next.loadBalancerProbes).map((change) =>
      ofService('endpoints', inWords('load balancer probe', change)),
    ),
    ...(rulesOf(current) === rulesOf(next)
      ? []
      : [ofService('networkTrafficRules', 'the network traffic rules differ')]),
  ]
}

function compareValue(kind: DifferenceKind, what: string, current: unknown, next: unknown): readonly Difference[] {
  return current === next ? [] : [ofService(kind, `${what} is ${String(current)} and would become ${String(next)}`)]
}

function ofService(kind: DifferenceKind, text: string): Difference {
  return { kind, role: '', text }
}

function rulesOf({ networkTrafficRules }: ServiceDefinition): string {
  const rules = networkTrafficRules.map(({ destinations, fromRoles }) =>
    canonical({ destinations: destinations.map(canonical).toSorted(), fromRoles: fromRoles?.toSorted() }),
  )
  return rules.toSorted().join()
}
