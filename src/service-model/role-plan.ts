import type { StartupTask, Variable } from './definition.ts'
import { readRoleModel } from './read-role-model.ts'
import type { RoleModel } from './role-model.ts'
import { type Agent, blocksStartup, sdkPlugin } from './sdk-plugins.ts'

/** What a bootstrapper is to do with its role, read once from `RoleModel.xml`. */
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
  /** Of a plug-in of the SDK that has none: passed over with a line. */
  | { readonly kind: 'passedOver'; readonly task: StartupTask; readonly module: string }

export type HostProcess =
  | { readonly kind: 'program'; readonly commandLine: string; readonly readyOnStart: boolean }
  /** A module that exports a RoleEntryPoint, relative to `approot`, in WaWorkerHost. */
  | { readonly kind: 'module'; readonly module: string }

export type Planning = { readonly ok: true; readonly plan: RolePlan } | { readonly ok: false; readonly refusal: string }

/** Directory of the role's own files below the role root. */
export const roleDirectoryName = 'approot'

/** The plan of the texts of `RoleModel.xml` and `__entrypoint.txt`, '' for a file that is not there. */
export function readRolePlan(roleModel: string, entryPointFile: string): Planning {
  if (roleModel === '') return { ok: false, refusal: 'The package has no RoleModel.xml for this role.' }
  const { value, errors } = readRoleModel(roleModel)
  return value ? planRole(value, entryPointFile) : { ok: false, refusal: errors.join(' ') }
}

/** The plan of a role model and the text of `__entrypoint.txt`. Tasks keep their order (S-23). */
export function planRole(model: RoleModel, entryPointFile: string): Planning {
  const host = hostOf(model, entryPointFile.trim())
  const objections = objectionsTo(model, entryPointFile)
  if (typeof host === 'string' || objections.length > 0)
    return { ok: false, refusal: objections.map(({ why }) => why).join(' ') }
  const { environment } = model.runtime
  return { ok: true, plan: { tasks: planTasks(model), host, variables: environment, flavour: flavourOf(host) } }
}

/** Why a role model cannot be carried out, each by itself; empty when it can. */
export interface PlanObjection {
  readonly subject: 'site' | 'entryPoint'
  /** Name of the site, or of the program or module. */
  readonly name: string
  readonly why: string
}

export function objectionsTo(model: RoleModel, entryPointFile: string): readonly PlanObjection[] {
  const host = hostOf(model, entryPointFile.trim())
  const sites = (model.sites ?? []).map(({ name }) => name).join(', ')
  const entryPoint = model.runtime.entryPoint
  const named = entryPoint?.kind === 'Program' ? entryPoint.commandLine : (entryPoint?.assemblyName ?? entryPointFile)
  return [
    ...(model.sites
      ? [{ subject: 'site', name: sites, why: 'Web roles come with a later version of Reddog.' } as const]
      : []),
    // A web role can live on its sites alone.
    ...(typeof host === 'string' && !(model.sites && named === '')
      ? [{ subject: 'entryPoint', name: named.trim(), why: host } as const]
      : []),
  ]
}

/** The tasks of a role model, in their order. */
export function planTasks({ tasks }: RoleModel): readonly PlannedTask[] {
  return tasks.map(planTask)
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

/** RemoteForwarder has one task, which installs what is to run: here that runs itself. */
function asAgentTask(task: StartupTask): StartupTask {
  return { ...task, taskType: blocksStartup(task.commandLine) ? 'simple' : 'background' }
}

function hostOf(model: RoleModel, entryPointFile: string): HostProcess | string {
  const { entryPoint } = model.runtime
  if (entryPoint?.kind === 'Program')
    return { kind: 'program', commandLine: entryPoint.commandLine, readyOnStart: entryPoint.setReadyOnProcessStart }
  const named = entryPoint?.assemblyName ?? entryPointFile
  if (/\.m?js$/i.test(named)) return { kind: 'module', module: named.replaceAll('\\', '/') }
  return named === ''
    ? `The role ${model.name} has no entry point, so that its instances cannot start. Name a ProgramEntryPoint, or a NetFxEntryPoint whose assemblyName is a module (.js, .mjs).`
    : `The entry point "${named}" of role ${model.name} is a .NET assembly, which does not run here, so that its instances cannot start. Name a module (.js, .mjs) or a ProgramEntryPoint.`
}

/** Java and PHP clients open the endpoints as files (role-runtime.md 2.3). */
function flavourOf(host: HostProcess): RolePlan['flavour'] {
  if (host.kind === 'module') return 'stream'
  const program = host.commandLine.trim().replace(/^"/, '').split(/[\s"]/, 1)[0] ?? ''
  return /(?:^|[\\/])(?:java|php)/i.test(program) ? 'file' : 'stream'
}
