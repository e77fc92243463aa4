import type { ServiceDefinition } from './definition.ts'
import type { RoleModel } from './role-model.ts'

/** The content of a package, read once when it is accepted: plain data, kept in the store and compared at an upgrade. */
export interface ServiceModel {
  readonly definition: ServiceDefinition
  /** By role name. */
  readonly roleModels: Readonly<Record<string, RoleModel>>
  /** Four-part version of the tool that made the package; '' when it is not stated. */
  readonly sdkVersion: string
  readonly packageKind: 'legacy' | '2012-03-15'
  /** `.dll` or module of `__entrypoint.txt`, by role name, where present. */
  readonly entryPointFiles: Readonly<Record<string, string>>
  /** Files and bytes of each role's root, for the report and for disk checks. */
  readonly contents: Readonly<Record<string, { readonly files: number; readonly bytes: number }>>
}
