import type { RoleKind, StartupTask, Variable } from './definition.ts'
import { readRoleModel } from './read-role-model.ts'
import type { RoleModel } from './role-model.ts'
import { type Agent, blocksStartup, sdkPlugin } from './sdk-plugins.ts'

/** The bootstrapper's work for its role, read once from `RoleModel.xml`. */
export interface RolePlan {
  readonly tasks: readonly PlannedTask[]
  readonly host: HostProcess
  readonly variables: readonly Variable[]
  /** How clients of the published protocol are served (role-runtime.md 2). */
  readonly flavour: 'stream' | 'file'
}

export type PlannedTask =
  /** `module`: the plug-in that it belongs to. */
  | {
      readonly kind: 'command'
      readonly task: StartupTask
      readonly directory: string
      readonly module?: string | undefined
    }
  /** Of a plug-in of the SDK that has an agent of ours. */
  | { readonly kind: 'agent'; readonly task: StartupTask; readonly module: string; readonly agent: Agent }
  /** A program of the platform's own, which sets up a full-IIS web role (S-10, S-13). */
  | {
      readonly kind: 'platform'
      readonly task: StartupTask
      readonly module: string
      readonly program: PlatformProgram
    }
  /** Of a plug-in of the SDK that has none: passed over with a line. */
  | { readonly kind: 'passedOver'; readonly task: StartupTask; readonly module: string }

/** W3SVC serves beside the role until that ends; IISConfigurator does one thing and ends. */
export type PlatformProgram = 'W3SVC' | 'IISConfigurator'

export type HostProcess =
  | { readonly kind: 'program'; readonly commandLine: string; readonly readyOnStart: boolean }
  /** A module that exports a RoleEntryPoint, relative to `approot`, in that process; '' for the default entry point of a web role (I-18). */
  | { readonly kind: 'module'; readonly module: string; readonly process: EntryPointHost }
  /** A .NET library with a RoleEntryPoint, as the package names it; '' for the first that has one, in the order of names (I-15, I-18). */
  | { readonly kind: 'assembly'; readonly assembly: string; readonly process: EntryPointHost }

/** The process that loads an entry point (S-15, S-18); WaWebHost serves the site of a web role without Sites too (I-21). */
export type EntryPointHost = 'WaWorkerHost' | 'WaIISHost' | 'WaWebHost'

export type Planning = { readonly ok: true; readonly plan: RolePlan } | { readonly ok: false; readonly refusal: string }

/** Directory of the role's own files below the role root. */
export const roleDirectoryName = 'approot'

/** Where the tasks of a web role run that name no directory (2.9). */
const programsDirectoryName = `${roleDirectoryName}/bin`

/** The directory in which a command of the role runs: `approot` for a web role whose package has no `bin` in it. Undefined when the package has neither. */
export function commandDirectory<Found>(
  directory: string,
  find: (path: string) => Found | undefined,
): Found | undefined {
  return find(directory) ?? (directory.toLowerCase() === programsDirectoryName ? find(roleDirectoryName) : undefined)
}

/** The parts of a package, besides its role model, that decide its entry point. */
export interface EntryPointGrounds {
  /** The text of `__entrypoint.txt`, '' when there is none. */
  readonly file: string
  /** Whether there are libraries of .NET where one with a RoleEntryPoint is looked for that nothing names. */
  readonly hasLibraries?: boolean
}

/** Where that is, below the role root. */
export function librariesDirectory(kind: RoleKind): string {
  return kind === 'WebRole' ? programsDirectoryName : roleDirectoryName
}

/** The plan of the text of `RoleModel.xml`, '' for a file that is not there. */
export function readRolePlan(roleModel: string, grounds: EntryPointGrounds, kind: RoleKind): Planning {
  if (roleModel === '') return { ok: false, refusal: 'The package has no RoleModel.xml for this role.' }
  const { value, errors } = readRoleModel(roleModel)
  return value ? planRole(value, grounds, kind) : { ok: false, refusal: errors.join(' ') }
}

/** The plan of a role model. Tasks keep their order (S-23). */
export function planRole(model: RoleModel, grounds: EntryPointGrounds, kind: RoleKind): Planning {
  const host = hostOf(model, grounds, kind)
  if (typeof host === 'string') return { ok: false, refusal: host }
  const { environment } = model.runtime
  return { ok: true, plan: { tasks: planTasks(model), host, variables: environment, flavour: flavourOf(host) } }
}

/** Why the entry point of a role model cannot be run; undefined when it can. */
export function objectionTo(
  model: RoleModel,
  entryPointFile: string,
  kind: RoleKind,
): { readonly name: string; readonly why: string } | undefined {
  const host = hostOf(model, { file: entryPointFile }, kind)
  const { entryPoint } = model.runtime
  const named = entryPoint?.kind === 'Program' ? entryPoint.commandLine : (entryPoint?.assemblyName ?? entryPointFile)
  return typeof host === 'string' ? { name: named.trim(), why: host } : undefined
}

/** The .NET library that a package names as a role's entry point, a path with slashes; undefined when it is something else. */
export function libraryOf(model: RoleModel, entryPointFile: string, kind: RoleKind): string | undefined {
  const host = hostOf(model, { file: entryPointFile }, kind)
  return typeof host !== 'string' && host.kind === 'assembly' ? host.assembly : undefined
}

/** The tasks of a role model, in their order; around those of a full-IIS web role what the platform does for its sites (S-10, S-13). */
export function planTasks({ tasks, sites }: RoleModel): readonly PlannedTask[] {
  if (!sites) return tasks.map(planTask)
  // Real role models begin with this very program (I-48).
  const others = tasks.filter((task) => !isConfigurator(task))
  const remove = platformTask('IISConfigurator', configuratorWords.remove, 'simple')
  const deploy = platformTask('IISConfigurator', configuratorWords.deploy, 'simple')
  return [platformTask('W3SVC', '', 'background'), remove, ...others.map(planTask), deploy]
}

/** The work of IISConfigurator at each start (I-8). */
export const configuratorWords = { remove: '/remove', deploy: '/deploy' } as const

/** Whether this step puts up the pools and sites (S-13). */
export function deploysSites({ kind, task }: PlannedTask): boolean {
  return kind === 'platform' && task.commandLine.endsWith(configuratorWords.deploy)
}

function isConfigurator(task: StartupTask): boolean {
  return moduleOf(task)?.toLowerCase() === 'base' && /^"?iisconfigurator(?:\.exe)?"?$/i.test(task.commandLine.trim())
}

function platformTask(program: PlatformProgram, word: string, taskType: StartupTask['taskType']): PlannedTask {
  const commandLine = [`${program}.exe`, word].filter(Boolean).join(' ')
  const task: StartupTask = { commandLine, executionContext: 'elevated', taskType, environment: [] }
  return { kind: 'platform', task, module: program, program }
}

/** Whether an agent of ours stands for the programs of that plug-in of the SDK. */
export function runsAgentOf(model: RoleModel, module: string): boolean {
  return planTasks(model).some(
    (planned) => planned.kind === 'agent' && planned.module.toLowerCase() === module.toLowerCase(),
  )
}

/** The plug-in that a task belongs to; `base` for a program of the original's own. */
function moduleOf(task: StartupTask): string | undefined {
  const [first = '', second = ''] = (task.relativePath ?? '').split(/[\\/]/)
  if (first.toLowerCase() === 'plugins') return second
  return first.toLowerCase() === 'base' ? first : undefined
}

function planTask(task: StartupTask): PlannedTask {
  const module = moduleOf(task)
  if (module !== undefined && module.toLowerCase() === 'base') return { kind: 'passedOver', task, module }
  const plugin = module === undefined ? undefined : sdkPlugin(module)
  if (module !== undefined && plugin) {
    const { agent } = plugin
    return agent ? { kind: 'agent', task: asAgentTask(task), module, agent } : { kind: 'passedOver', task, module }
  }
  const directory = (task.relativePath ?? roleDirectoryName).replaceAll('\\', '/').replace(/\/$/, '')
  return { kind: 'command', task, directory, module }
}

/** RemoteForwarder has one task, which installs the program: here the program runs itself. */
function asAgentTask(task: StartupTask): StartupTask {
  return { ...task, taskType: blocksStartup(task.commandLine) ? 'simple' : 'background' }
}

function hostOf(
  model: RoleModel,
  { file, hasLibraries = false }: EntryPointGrounds,
  kind: RoleKind,
): HostProcess | string {
  const { entryPoint } = model.runtime
  if (entryPoint?.kind === 'Program')
    return { kind: 'program', commandLine: entryPoint.commandLine, readyOnStart: entryPoint.setReadyOnProcessStart }
  const named = entryPoint?.assemblyName ?? file.trim()
  const process = entryPointHost(model, kind)
  if (isModule(named) || (kind === 'WebRole' && named === '' && !hasLibraries))
    return { kind: 'module', module: named.replaceAll('\\', '/'), process }
  return named === '' && !hasLibraries
    ? `The role ${model.name} has no entry point, so that its instances cannot start. Name a ProgramEntryPoint, or a NetFxEntryPoint whose assemblyName is a .NET library or a module (.js, .mjs).`
    : { kind: 'assembly', assembly: named.replaceAll('\\', '/'), process }
}

/** The process that loads the entry point of a role (S-15, S-18, I-21). */
export function entryPointHost({ sites }: RoleModel, kind: RoleKind): EntryPointHost {
  if (kind === 'WorkerRole') return 'WaWorkerHost'
  return sites ? 'WaIISHost' : 'WaWebHost'
}

/** Where a library that a package names may lie below the role root, the likeliest first. */
export function libraryPaths(library: string, kind: RoleKind): readonly string[] {
  const directories = new Set([roleDirectoryName, librariesDirectory(kind)])
  const named = [...directories].map((directory) => `${directory}/${library}`)
  return [...named, ...named.map((path) => `${path}.dll`)]
}

/** Whether a NetFxEntryPoint names a module of Node (role-runtime.md 8, rule 2a). */
export function isModule(named: string): boolean {
  return /\.m?js$/i.test(named)
}

/** Java and PHP clients open the endpoints as files (role-runtime.md 2.3). */
function flavourOf(host: HostProcess): RolePlan['flavour'] {
  if (host.kind !== 'program') return 'stream'
  const program = host.commandLine.trim().replace(/^"/, '').split(/[\s"]/, 1)[0] ?? ''
  return /(?:^|[\\/])(?:java|php)/i.test(program) ? 'file' : 'stream'
}
