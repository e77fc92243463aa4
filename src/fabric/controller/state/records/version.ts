import type { ServiceConfiguration } from '../../../../service-model/configuration.ts'
import type { ExtensionChoice } from '../../../contract/extension.ts'

/** One package with one configuration. */
export interface DeploymentVersion {
  /** The package whose definition is in force. */
  readonly packageSha256: string
  /** What each role runs; an upgrade of a single role leaves the others theirs (U-16). */
  readonly roots: Readonly<Record<string, RoleRoot>>
  /** Numbers of each role's instances, ascending, without gaps except deleted ones. */
  readonly numbers: Readonly<Record<string, readonly number[]>>
  /** Number of the version that brought these `numbers`. */
  readonly numbersSince: number
  /** Topology changes go to all domains at once (U-53). */
  readonly blast: boolean
  readonly configuration: ServiceConfiguration
  /** The .cscfg as it came. */
  readonly configurationText: string
  readonly label: string
  /** Warnings about its package, its configuration and their match; absent in records that are older than this. */
  readonly warnings?: readonly string[] | undefined
  /** Absent when there are none. */
  readonly extensions?: ExtensionChoice | undefined
}

export interface RoleRoot {
  readonly packageSha256: string
  /** Number of the version that brought it: the same package again is a new role root. */
  readonly since: number
  /** `vmsize` of the role in that package. */
  readonly size: string
}
