/** Rows of table 7.1 of fabric-behaviour.md and 8.2 of service-model.md. */
export type DifferenceKind =
  | 'name'
  | 'upgradeDomainCount'
  | 'topologyChangeDiscovery'
  | 'networkTrafficRules'
  | 'roleAdded'
  | 'roleRemoved'
  | 'roleType'
  | 'size'
  | 'trustLevel'
  | 'settings'
  | 'localResourceIncrease'
  | 'localResourceDecrease'
  | 'endpoints'
  | 'certificates'
  | 'code'

/** One difference of the next service model from the current one. */
export interface Difference {
  readonly kind: DifferenceKind
  /** '' when it belongs to the service as a whole. */
  readonly role: string
  /** `role Web: the vmsize is Small and would become Medium` */
  readonly text: string
}
