import type { RoleEnvironment as Environment } from './role-environment.ts'
import { sharedRoleEnvironment } from './shared-role-environment.ts'

export type { RoleEnvironmentChange } from './changes.ts'
export type { ChangedEvent, ChangingEvent, StatusCheckEvent } from './events.ts'
export type { RoleEntryPoint } from './role-entry-point.ts'
export type { LocalResource } from './role-environment.ts'

/** The role environment of this process; see docs/spec/role-runtime.md 8. */
export const RoleEnvironment: Environment = sharedRoleEnvironment()
