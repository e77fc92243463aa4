import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { own } from '../../kernel/own.ts'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import type { RoleDefinition } from '../../service-model/definition.ts'
import type { PackOptions } from './pack-options.ts'
import { type SiteSources, siteSources } from './site-sources.ts'
import { windowsPath } from './windows-path.ts'

/** Where a role's files come from, nothing read yet. */
export interface RoleSources extends SiteSources {
  /** To `approot`. */
  readonly roleDirectory: string
  /** `Contents`: to a directory below `approot`, after the role's own files. */
  readonly contents: readonly { readonly from: string; readonly to: string }[]
}

/** Throws Refusal naming every directory of the service that does not exist. */
export async function roleSources(
  roles: readonly RoleDefinition[],
  options: PackOptions,
): Promise<ReadonlyMap<string, RoleSources>> {
  const sources = new Map(roles.map((role) => [role.name, sourcesOf(role, options)]))
  refuseUnknownNames(options, sources)
  const missing = await Promise.all(
    roles.map((role) => missingDirectories(role.name, sources.get(role.name) as RoleSources)),
  )
  const faults = missing.flat()
  if (faults.length > 0) throw new Refusal(`${options.definition} cannot be packed.\n${faults.join('\n')}`)
  return sources
}

function sourcesOf(role: RoleDefinition, options: PackOptions): RoleSources {
  const base = dirname(resolve(options.definition))
  const roleDirectory = resolve(own(options.roles, role.name) ?? resolve(base, role.name))
  const contents = role.contents.map(({ sourceDirectory, destination }) => ({
    from: resolve(base, windowsPath(sourceDirectory)),
    to: windowsPath(destination),
  }))
  return { roleDirectory, contents, ...siteSources(role, roleDirectory, base, options.sites) }
}

async function missingDirectories(
  role: string,
  { roleDirectory, contents, sites }: RoleSources,
): Promise<readonly string[]> {
  const wanted = [
    {
      directory: roleDirectory,
      hint: `The files of role "${role}" are expected there; name another place with --role ${role}=DIRECTORY.`,
    },
    ...contents.map(({ from }) => ({ directory: from, hint: `A Content of role "${role}" names it.` })),
    ...sites.map(({ key, from }) => ({
      directory: from,
      hint: `A site of role "${role}" names it; name another place with --site ${role}/${key}=DIRECTORY.`,
    })),
  ]
  const there = await Promise.all(
    wanted.map(async ({ directory }) => (await stat(directory).catch(() => undefined))?.isDirectory()),
  )
  return wanted
    .filter((_, index) => !there[index])
    .map(({ directory, hint }) => `There is no directory ${directory}. ${hint}`)
}

/** A mistyped name would leave its files out without a message. */
function refuseUnknownNames({ definition, ...options }: PackOptions, sources: ReadonlyMap<string, RoleSources>): void {
  const roles = [...sources.keys()]
  const sites = roles.flatMap((role) =>
    Object.keys(sources.get(role)?.physicalDirectories ?? {}).map((site) => `${role}/${site}`),
  )
  const refuse = (what: string, named: readonly string[], known: readonly string[]) => {
    const unknown = named.filter((name) => !known.includes(name))
    if (unknown.length > 0)
      throw new Refusal(`${definition} has no ${what} "${unknown.join('", "')}". It has "${known.join('", "')}".`)
  }
  refuse(
    'role',
    [options.roles, options.assemblies ?? {}, options.properties ?? {}].flatMap((given) => Object.keys(given)),
    roles,
  )
  refuse('site', Object.keys(options.sites), sites)
}
