import type { RoleDefinition, StartupTask, Variable } from './definition.ts'

/** A plug-in (.csplugin) as written: names without its namespace (service-model.md 5). */
export interface PluginModule
  extends Pick<
    RoleDefinition,
    | 'settings'
    | 'localResources'
    | 'inputEndpoints'
    | 'internalEndpoints'
    | 'instanceInputEndpoints'
    | 'certificates'
    | 'sites'
  > {
  /** `Microsoft.WindowsAzure.Plugins.RemoteAccess`: its additions are called `<namespace>.<name>`. */
  readonly namespace: string
  /** `Startup@priority`: lower runs earlier. */
  readonly priority: number
  readonly tasks: readonly StartupTask[]
  /** Variables that it adds to the role's runtime. */
  readonly environment: readonly Variable[]
}
