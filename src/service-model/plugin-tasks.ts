import type { RoleDefinition, StartupTask, Variable } from './definition.ts'
import type { PluginModule } from './plugin-module.ts'

/** A plug-in and the module name under which a role imports it. */
export interface Import {
  readonly name: string
  readonly module: PluginModule
}

/**
 * The startup tasks of a role and its plug-ins in the order in which they run (S-23): by ascending priority, equal ones in the
 * order of the imports, the role's own last. With any import every task receives the kind of its role (section 5, 4).
 */
export function orderedTasks(role: RoleDefinition, imports: readonly Import[]): readonly StartupTask[] {
  const roleType = { name: 'WaRoleType', value: role.kind === 'WebRole' ? 'IISWebRole' : 'WorkerRole' }
  const blocks = imports.map(({ name, module }) => ({
    priority: module.priority,
    tasks: module.tasks.map((task) => ({
      ...withVariables(task, [{ name: 'RdModuleName', value: name }, roleType]),
      relativePath: `plugins\\${name}`,
    })),
  }))
  const own = {
    priority: role.startupPriority ?? 0,
    tasks: role.tasks.map((task) => withVariables(task, imports.length > 0 ? [roleType] : [])),
  }
  return [...blocks, own].toSorted((one, other) => one.priority - other.priority).flatMap(({ tasks }) => tasks)
}

function withVariables(task: StartupTask, added: readonly Variable[]): StartupTask {
  return { ...task, environment: [...task.environment, ...added] }
}
