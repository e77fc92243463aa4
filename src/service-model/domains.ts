import type { ServiceDefinition } from './definition.ts'

/** The upgrade domain of instance `index` of a role, of `count` configured domains. */
export function upgradeDomainOf(index: number, count: number): number {
  return index % count
}

/**
 * The fault domain of instance `index` of a role: zero when there are fewer than two fault domains, otherwise so
 * that a role and each of its upgrade domains span two fault domains and their counts differ by at most one.
 */
export function faultDomainOf(index: number, upgradeDomains: number, faultDomains: number): number {
  if (faultDomains < 2) return 0
  const leastCommonMultiple = (upgradeDomains * faultDomains) / greatestCommonDivisor(upgradeDomains, faultDomains)
  return ((index % faultDomains) + Math.floor(index / leastCommonMultiple)) % faultDomains
}

/** The domain count that the API reports: the configured one, or the largest instance count of any role if that is less. */
export function reportedDomainCount(
  definition: Pick<ServiceDefinition, 'upgradeDomainCount'>,
  instanceCounts: Readonly<Record<string, number>>,
): number {
  return Math.min(definition.upgradeDomainCount, Math.max(...Object.values(instanceCounts), 1))
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other)
}
