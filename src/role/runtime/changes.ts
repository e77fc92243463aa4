import type { RoleEnvironment as Environment } from '../../service-model/role-environment.ts'

/** One difference between two role environments (role-runtime.md 7). */
export type RoleEnvironmentChange =
  | { readonly kind: 'configurationSetting'; readonly name: string }
  /** Instances of that role, their domains or their endpoints differ. */
  | { readonly kind: 'topology'; readonly roleName: string }

/** Settings added, removed or altered, then the roles whose instances differ. */
export function changesBetween(before: Environment, after: Environment): readonly RoleEnvironmentChange[] {
  const [old, fresh] = [before.currentInstance.settings, after.currentInstance.settings]
  const settings = unionOfKeys(old, fresh).filter((name) => old[name] !== fresh[name])
  const [oldRoles, freshRoles] = [instancesByRole(before), instancesByRole(after)]
  const roles = unionOfKeys(oldRoles, freshRoles).filter((name) => oldRoles[name] !== freshRoles[name])
  return [
    ...settings.map((name) => ({ kind: 'configurationSetting' as const, name })),
    ...roles.map((roleName) => ({ kind: 'topology' as const, roleName })),
  ]
}

/** Topology that is sent to all instances at once cannot be cancelled (U-53); a setting that changes with it can. */
export function parted(
  found: readonly RoleEnvironmentChange[],
  simultaneous: boolean,
): { readonly together: readonly RoleEnvironmentChange[]; readonly changes: readonly RoleEnvironmentChange[] } {
  const isTogether = ({ kind }: RoleEnvironmentChange) => simultaneous && kind === 'topology'
  return { together: found.filter(isTogether), changes: found.filter((change) => !isTogether(change)) }
}

function unionOfKeys(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}

function instancesByRole(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(environment.roles.map((role) => [role.name, JSON.stringify(role.instances)]))
}
