import { own } from '../../kernel/own.ts'
import type { RoleDefinition } from '../definition.ts'
import type { RoleModel } from '../role-model.ts'
import type { ServiceModel } from '../service-model.ts'
import { sizeOf } from '../sizes.ts'
import { changes, inWords } from './canonical.ts'
import { compareCode } from './code.ts'
import type { Difference } from './difference.ts'

/** One package's description of a role: its definition, and the role model that is the authority for what it runs. */
interface Side {
  readonly role: RoleDefinition
  readonly model: RoleModel | undefined
}

/** Differences of the set of roles and of each role that both models have. */
export function compareRoles(current: ServiceModel, next: ServiceModel): readonly Difference[] {
  const before = sidesOf(current)
  const after = sidesOf(next)
  return [
    ...[...before.keys()]
      .filter((name) => !after.has(name))
      .map((role): Difference => ({ kind: 'roleRemoved', role, text: `the role ${role} would be removed` })),
    ...[...after].flatMap(([role, side]) => {
      const old = before.get(role)
      return old
        ? compareRole(old, side)
        : [{ kind: 'roleAdded', role, text: `the role ${role} would be added` } as const]
    }),
  ]
}

function sidesOf({ definition, roleModels }: ServiceModel): ReadonlyMap<string, Side> {
  return new Map(definition.roles.map((role) => [role.name, { role, model: own(roleModels, role.name) }]))
}

function compareRole(current: Side, next: Side): readonly Difference[] {
  const { name } = next.role
  const found: readonly Omit<Difference, 'role'>[] = [
    ...compareKind(current.role, next.role),
    ...compareLocalResources(current.role, next.role),
    ...compareEndpoints(current.role, next.role),
    ...changes(current.role.certificates, next.role.certificates).map((change) => ({
      kind: 'certificates' as const,
      text: inWords('certificate', change),
    })),
    ...changes(named(current.role.settings), named(next.role.settings)).map((change) => ({
      kind: 'settings' as const,
      text: inWords('setting', change),
    })),
    ...compareCode(codeOf(current), codeOf(next)).map((text) => ({ kind: 'code' as const, text })),
  ]
  return found.map(({ kind, text }) => ({ kind, role: name, text: `role ${name}: ${text}` }))
}

function compareKind(current: RoleDefinition, next: RoleDefinition): readonly Omit<Difference, 'role'>[] {
  // `Small` and `A1` are one size.
  const canonicalSize = ({ vmSize }: RoleDefinition) => sizeOf(vmSize)?.id ?? vmSize
  return [
    ...(current.kind === next.kind
      ? []
      : [{ kind: 'roleType' as const, text: `it is a ${current.kind} and would become a ${next.kind}` }]),
    ...(canonicalSize(current) === canonicalSize(next)
      ? []
      : [{ kind: 'size' as const, text: `the vmsize is ${current.vmSize} and would become ${next.vmSize}` }]),
    ...(current.enableNativeCodeExecution === next.enableNativeCodeExecution
      ? []
      : [{ kind: 'trustLevel' as const, text: 'the .NET trust level would change' }]),
  ]
}

/** Anything but an addition or a larger size counts as a decrease: stored data could be lost. */
function compareLocalResources(current: RoleDefinition, next: RoleDefinition): readonly Omit<Difference, 'role'>[] {
  return changes(current.localResources, next.localResources).map((change) => {
    const old = current.localResources.find(({ name }) => name === change.name)
    const now = next.localResources.find(({ name }) => name === change.name)
    if (!old || !now)
      return { kind: now ? 'localResourceIncrease' : 'localResourceDecrease', text: inWords('local storage', change) }
    const larger = now.sizeInMB > old.sizeInMB && now.cleanOnRoleRecycle === old.cleanOnRoleRecycle
    const text = `the local storage ${change.name} has ${described(old)} and would have ${described(now)}`
    return { kind: larger ? 'localResourceIncrease' : 'localResourceDecrease', text }
  })
}

function described({ sizeInMB, cleanOnRoleRecycle }: RoleDefinition['localResources'][number]): string {
  return `${sizeInMB} MB${cleanOnRoleRecycle ? ' cleaned on recycle' : ''}`
}

function compareEndpoints(current: RoleDefinition, next: RoleDefinition): readonly Omit<Difference, 'role'>[] {
  const endpoints = (['inputEndpoints', 'internalEndpoints', 'instanceInputEndpoints'] as const).map((kind) =>
    changes<{ readonly name: string }>(current[kind], next[kind]),
  )
  return endpoints.flat().map((change) => ({ kind: 'endpoints' as const, text: inWords('endpoint', change) }))
}

/** Without a role model, as in a definition not taken from a package, the definition decides what runs. */
function codeOf({ role, model }: Side): Pick<RoleModel, 'tasks' | 'runtime' | 'sites'> {
  return model ?? role
}

function named(names: readonly string[]): readonly { readonly name: string }[] {
  return names.map((name) => ({ name }))
}
