import type { Runtime, Site, StartupTask } from './definition.ts'

/** RoleModel.xml: the authority for startup, runtime and sites of a packaged role (service-model.md 6). */
export interface RoleModel {
  readonly name: string
  /** SDK product version. */
  readonly version: string
  readonly tasks: readonly StartupTask[]
  readonly runtime: Runtime
  /** `2011-03-08` if and only if the entry point is a program. */
  readonly protocolVersion?: string | undefined
  readonly pluginSettings: readonly { readonly name: string; readonly nameSpace: string }[]
  readonly properties: Readonly<Record<string, string>>
  readonly sites?: readonly Site[] | undefined
}
