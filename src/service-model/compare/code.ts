import type { Runtime, Site, StartupTask, VirtualPath } from '../definition.ts'
import type { RoleModel } from '../role-model.ts'
import { canonical, changes, inWords } from './canonical.ts'

type Code = Pick<RoleModel, 'tasks' | 'runtime' | 'sites'>

/** What differs in startup tasks, runtime and sites, in words. The place of a site's content in the package does not count. */
export function compareCode(current: Code, next: Code): readonly string[] {
  return [
    ...compareTasks(current.tasks, next.tasks),
    ...compareRuntime(current.runtime, next.runtime),
    ...compareSites(current.sites, next.sites),
  ]
}

/** Tasks have no names and their order matters, so the first different one is reported. */
function compareTasks(current: readonly StartupTask[], next: readonly StartupTask[]): readonly string[] {
  const length = Math.max(current.length, next.length)
  for (let index = 0; index < length; index += 1) {
    const [old, now] = [current[index], next[index]]
    if (!old) return [`the startup task "${now?.commandLine}" would be added`]
    if (!now) return [`the startup task "${old.commandLine}" would be removed`]
    if (canonical(withSortedEnvironment(old)) !== canonical(withSortedEnvironment(now)))
      return [
        `startup task ${index + 1} is "${old.commandLine}" and would become "${now.commandLine}"${old.commandLine === now.commandLine ? ' with other attributes or variables' : ''}`,
      ]
  }
  return []
}

function compareRuntime(current: Runtime, next: Runtime): readonly string[] {
  const differs = (part: keyof Runtime) => canonical(current[part]) !== canonical(next[part])
  return [
    ...(differs('executionContext')
      ? [`the runtime is ${current.executionContext} and would become ${next.executionContext}`]
      : []),
    ...(differs('entryPoint') ? ['the entry point would change'] : []),
    ...changes(current.environment, next.environment).map((change) => inWords('runtime variable', change)),
  ]
}

function compareSites(current: readonly Site[] | undefined, next: readonly Site[] | undefined): readonly string[] {
  if (current && !next) return ['the Sites element would be removed']
  if (!current && next) return ['a Sites element would be added']
  return changes((current ?? []).map(canonicalSite), (next ?? []).map(canonicalSite)).map((change) =>
    inWords('site', change),
  )
}

function canonicalSite({ name, bindings, ...paths }: Site) {
  return { name, bindings: sorted(bindings), ...canonicalPaths(paths) }
}

function canonicalPaths({
  virtualApplications,
  virtualDirectories,
}: Pick<VirtualPath, 'virtualApplications' | 'virtualDirectories'>): object {
  const canonicalPath = (path: VirtualPath) => ({ name: path.name, ...canonicalPaths(path) })
  return {
    virtualApplications: sorted(virtualApplications.map(canonicalPath)),
    virtualDirectories: sorted(virtualDirectories.map(canonicalPath)),
  }
}

function withSortedEnvironment(task: StartupTask): StartupTask {
  return { ...task, environment: sorted(task.environment) }
}

function sorted<Piece extends { readonly name: string }>(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)))
}
