import type { Instant } from '../../../../kernel/instant.ts'
import type { FailurePolicy, PropertyChanges, Slot, UpdateMode } from '../../../contract/commands.ts'
import type { ExtensionChoice } from '../../../contract/extension.ts'
import type { ServicingRecord } from './servicing.ts'
import type { UpdateRecord } from './update.ts'
import type { DeploymentVersion } from './version.ts'

export interface DeploymentRecord {
  /** 32 hexadecimal digits (PrivateID). */
  readonly id: string
  readonly subscriptionId: string
  /** Key of the service. */
  readonly service: string
  readonly name: string
  readonly slot: Slot
  readonly label: string
  /** Until the package was read and the instances were placed (D-10). */
  readonly request?: DeploymentRequest | undefined
  /** Present until the package of an upgrade was read and all preconditions hold. */
  readonly upgrading?: UpgradeRequest | undefined
  /** By number, from 1; an update adds the next one, and the others go when it has ended. */
  readonly versions: Readonly<Record<number, DeploymentVersion>>
  /** The version whose configuration is in force: the target's, while an update is active (D-6). */
  readonly current: number
  /** Highest number that a version ever had. */
  readonly lastVersion: number
  /** At most one is active (U-38). */
  readonly update?: UpdateRecord | undefined
  /** Those of its instances that the platform is servicing, all of one upgrade domain (H-21, H-22). */
  readonly servicing?: ServicingRecord | undefined
  readonly wanted: 'Running' | 'Suspended' | 'Deleted'
  /** Operations that have not ended, oldest first. */
  readonly waiting: readonly Waiting[]
  /** '' until it has one: a reserved address from its acceptance on, any other when it is placed. */
  readonly vip: string
  /** Labels of the hosts' fault domains, by fault domain of the instances; empty when there are fewer than two (A-20). */
  readonly faultDomains: readonly number[]
  readonly extendedProperties: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  /** When the deployment was last started after a suspension: Starting ends roleReadyTimeout after it (T-9). */
  readonly resumedAt?: Instant | undefined
}

export interface DeploymentRequest {
  readonly packageUrl: string
  readonly configuration: string
  readonly treatWarningsAsError: boolean
  readonly extensions?: ExtensionChoice | undefined
}

/** An upgrade that was accepted; all that needs the package is still to be checked. */
export interface UpgradeRequest {
  readonly operation: string
  readonly packageUrl: string
  readonly configuration: string
  readonly label: string
  readonly mode: UpdateMode
  readonly role?: string | undefined
  readonly force: boolean
  readonly extendedProperties: PropertyChanges
  readonly onFailure: FailurePolicy
  readonly extensions?: ExtensionChoice | undefined
}

export type UpdatedDeployment = DeploymentRecord & { readonly update: UpdateRecord }

/** What an operation waits for before it ends (table of service-management-api.md 7). */
export interface Waiting {
  readonly operation: string
  readonly until:
    | 'placed'
    | 'fetched'
    | 'updated'
    | 'walked'
    | 'running'
    | 'suspended'
    | 'gone'
    | { readonly told: string }
}
