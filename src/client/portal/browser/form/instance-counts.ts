import { configurationForm } from '../configuration/configuration-form.ts'

/** Instances by role, as a .cscfg has them; roles whose count is no number are left out. */
export function configuredCounts(configuration: string): ReadonlyMap<string, number> {
  return new Map(
    (configurationForm(configuration)?.roles ?? []).flatMap(({ name, instances }) =>
      instances && /^\d{1,6}$/.test(instances.value) ? [[name, Number(instances.value)] as const] : [],
    ),
  )
}

/** Instances by role, of those that there are. */
export function standingCounts(instances: readonly { readonly role: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { role } of instances) counts.set(role, (counts.get(role) ?? 0) + 1)
  return counts
}

/** Roles of one instance, in any of the counts: they are down while it is changed (M-10, U-12). `only`: the single role concerned. */
export function singleInstanceRoles(counts: readonly ReadonlyMap<string, number>[], only?: string): readonly string[] {
  const single = new Set(counts.flatMap((one) => [...one].flatMap(([role, count]) => (count === 1 ? [role] : []))))
  return [...single].filter((role) => only === undefined || role === only).toSorted()
}
