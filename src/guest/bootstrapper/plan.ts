import type { StartupTask, Variable } from '../../service-model/definition.ts'
import { readRoleModel } from '../../service-model/read-role-model.ts'
import type { RoleModel } from '../../service-model/role-model.ts'

/** What a bootstrapper is to do with its role, read once from `RoleModel.xml`. */
export interface RolePlan {
  readonly tasks: readonly PlannedTask[]
  readonly host: HostProcess
  readonly variables: readonly Variable[]
  /** How clients of the published protocol are served (role-runtime.md 2). */
  readonly flavour: 'stream' | 'file'
}

export type PlannedTask =
  | { readonly kind: 'command'; readonly task: StartupTask; readonly directory: string }
  /** Of a plug-in that does not run here: passed over with a line. */
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
  if (model.sites) return { ok: false, refusal: 'Web roles come with a later version of Reddog.' }
  const unknown = model.tasks.find((task) => moduleOf(task) === undefined && task.taskType !== 'simple')
  if (unknown)
    return {
      ok: false,
      refusal: `The startup task "${unknown.commandLine}" has the type ${unknown.taskType}, which comes with a later version of Reddog. Make it a simple task.`,
    }
  const host = hostOf(model, entryPointFile.trim())
  if (typeof host === 'string') return { ok: false, refusal: host }
  const { environment } = model.runtime
  return {
    ok: true,
    plan: { tasks: model.tasks.map(planTask), host, variables: environment, flavour: flavourOf(host) },
  }
}

/** The plug-in that a task belongs to; `base` for a program of the original's own. */
function moduleOf(task: StartupTask): string | undefined {
  const [first = '', second = ''] = (task.relativePath ?? '').split(/[\\/]/)
  if (first.toLowerCase() === 'plugins') return second
  return first.toLowerCase() === 'base' ? first : undefined
}

function planTask(task: StartupTask): PlannedTask {
  const module = moduleOf(task)
  if (module !== undefined) return { kind: 'passedOver', task, module }
  const directory = (task.relativePath ?? roleDirectoryName).replaceAll('\\', '/').replace(/\/$/, '')
  return { kind: 'command', task, directory }
}

function hostOf(model: RoleModel, entryPointFile: string): HostProcess | string {
  const { entryPoint } = model.runtime
  if (entryPoint?.kind === 'Program')
    return { kind: 'program', commandLine: entryPoint.commandLine, readyOnStart: entryPoint.setReadyOnProcessStart }
  const named = entryPoint?.assemblyName ?? entryPointFile
  if (/\.m?js$/i.test(named)) return { kind: 'module', module: named.replaceAll('\\', '/') }
  return named === ''
    ? `Role "${model.name}" has no entry point. Name a ProgramEntryPoint, or a NetFxEntryPoint whose assemblyName is a module (.js, .mjs).`
    : `The entry point "${named}" is a .NET assembly, which does not run here. Name a module (.js, .mjs) or a ProgramEntryPoint.`
}

/** Java and PHP clients open the endpoints as files (role-runtime.md 2.3). */
function flavourOf(host: HostProcess): RolePlan['flavour'] {
  if (host.kind === 'module') return 'stream'
  const program = host.commandLine.trim().replace(/^"/, '').split(/[\s"]/, 1)[0] ?? ''
  return /(?:^|[\\/])(?:java|php)/i.test(program) ? 'file' : 'stream'
}
