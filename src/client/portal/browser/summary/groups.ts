import type { Instance } from '../../../service-management/answers.ts'

export type Grouping = 'role' | 'upgradeDomain'

/** Instances that are shown together: those of a role, or of an upgrade domain. */
export interface Group {
  /** The role's name, or the domain's number. */
  readonly name: string
  readonly instances: readonly Instance[]
}

/** Roles in the order of the deployment, domains by number; in each the instances in the order of the deployment. */
export function groupsOf(instances: readonly Instance[], by: Grouping): readonly Group[] {
  const groups = Map.groupBy(instances, (one) => (by === 'role' ? one.role : String(one.upgradeDomain)))
  const found = [...groups].map(([name, members]) => ({ name, instances: members }))
  return by === 'role' ? found : found.sort((a, b) => Number(a.name) - Number(b.name))
}

/** How many of them are Ready. */
export function readyCount(instances: readonly { readonly status: string }[]): number {
  return instances.filter(({ status }) => status === 'ReadyRole').length
}
