import type { HostFacts } from '../../host/contract/report.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ServiceConfiguration } from '../../service-model/configuration.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import type { FailurePolicy, OperationRecord, PropertyChanges, Slot, UpdateMode } from '../contract/commands.ts'
import type { Extension, ExtensionChoice } from '../contract/extension.ts'
import type { SealedCertificate } from '../contract/service-certificate.ts'

/** The stored half of the state, one table a kind of record; plain data. */
export interface Records {
  readonly subscription: SubscriptionRecord
  readonly service: ServiceRecord
  readonly deployment: DeploymentRecord
  readonly package: PackageRecord
  readonly instance: InstanceRecord
  readonly operation: OperationRecord
  readonly host: HostRecord
  readonly event: EventRecord
  readonly affinityGroup: AffinityGroupRecord
  readonly certificate: CertificateRecord
  readonly extension: ExtensionRecord
  readonly packageCopy: PackageCopyRecord
  readonly reservedAddress: ReservedAddressRecord
}

export type TableName = keyof Records

export interface SubscriptionRecord {
  readonly id: string
  readonly name: string
  readonly status: 'Active' | 'Disabled'
  readonly createdAt: Instant
  readonly maxCores: number
  readonly maxServices: number
  readonly certificates: readonly ManagementCertificate[]
}

export interface ManagementCertificate {
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
  readonly createdAt: Instant
}

/** Key: the name in lower case. */
export interface ServiceRecord {
  readonly name: string
  readonly subscriptionId: string
  readonly label: string
  readonly description?: string | undefined
  readonly location?: string | undefined
  readonly affinityGroup?: string | undefined
  readonly reverseDnsFqdn?: string | undefined
  readonly extendedProperties: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  /** Operation that deletes the service once its deployments are gone. */
  readonly deleting?: string | undefined
}

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
  /** Until the package of an upgrade was read and all preconditions hold. */
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
  readonly warnings: readonly string[]
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

/** An upgrade that was accepted; everything about it that needs the package is still to be checked. */
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

/** One package with one configuration. */
export interface DeploymentVersion {
  /** The package whose definition is in force. */
  readonly packageSha256: string
  /** What each role runs; an upgrade of a single role leaves the others theirs (U-16). */
  readonly roots: Readonly<Record<string, RoleRoot>>
  /** Numbers of each role's instances, ascending, without gaps but for deleted ones. */
  readonly numbers: Readonly<Record<string, readonly number[]>>
  /** Number of the version that brought these `numbers`. */
  readonly numbersSince: number
  /** Topology changes go to all domains at once (U-53). */
  readonly blast: boolean
  readonly configuration: ServiceConfiguration
  /** The .cscfg as it came. */
  readonly configurationText: string
  readonly label: string
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

/**
 * An upgrade, configuration change or rollback on its way through the domains. Before: nobody of `domain` is stopped yet; During: its
 * instances are to have the target. Domains below it are walked.
 */
export interface UpdateRecord {
  /** Instances remember which update has moved them. */
  readonly id: string
  readonly kind: 'upgrade' | 'configuration' | 'rollback'
  /** The last version that all instances ran: a rollback leads there (U-43). */
  readonly from: number
  readonly target: number
  readonly mode: UpdateMode
  /** The single role that is upgraded: only its instances are waited for (U-16). */
  readonly role?: string | undefined
  /** Frozen when the update starts (U-32, A-18). */
  readonly domains: number
  readonly domain: number
  readonly state: 'Before' | 'During'
  /** Highest domain that may be walked: the last one, or the one that was called for in manual mode (U-27). */
  readonly released: number
  /** Since when the domain is Before (and released) or During: roleReadyTimeout counts from here. */
  readonly since: Instant
  readonly onFailure: FailurePolicy
  /** Why it is stuck in its domain (U-29, U-37). */
  readonly held?: Fault | undefined
}

/** One step of the platform's servicing of a deployment. An update begins no domain meanwhile, and while one is active no such step begins (U-55). */
export interface ServicingRecord {
  readonly domain: number
  /** Keys. */
  readonly instances: readonly string[]
  /** A host that is drained, or a release of the guest OS. */
  readonly cause: { readonly host: string } | { readonly release: string }
  /** Leaving: they stop, to start on other hosts. Down: they stop, until their host is given back. Back: they start, and are to get Ready. */
  readonly stage: 'Leaving' | 'Down' | 'Back'
  /** When the step began. */
  readonly begunAt: Instant
  /** When the stage began. */
  readonly since: Instant
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

/** Key: SHA-256 of the package. */
export interface PackageRecord {
  readonly sha256: string
  readonly model: ServiceModel
}

export interface Epochs {
  readonly guest: number
  readonly c: number
  readonly d: number
  readonly e: number
}

export interface InstanceRecord {
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  readonly deployment: string
  readonly subscriptionId: string
  readonly role: string
  readonly index: number
  /** `<Role>_IN_<n>` */
  readonly name: string
  /** The deployment's version that its host was told to run. */
  readonly version: number
  /** The update that has brought it there. */
  readonly movedBy?: string | undefined
  /** In no version to come: it goes for good. */
  readonly going?: true | undefined
  /** Number of the version that it came with; later than 1 when it was added. */
  readonly addedIn: number
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
  /** Release of the guest OS that it was last told; absent in records that are older than releases: the oldest of its family. */
  readonly release?: string | undefined
  readonly host: string
  readonly containerId: string
  readonly address: string
  /** Local ports, by endpoint, as they are bound on this host. */
  readonly ports: Readonly<Record<string, { readonly first: number; readonly last: number }>>
  /** Counts placements, from 1. */
  readonly placement: number
  /** What is wanted; the host is told once the instance is out of rotation. */
  readonly epochs: Epochs
  /** What the host was told. */
  readonly told: Told
  /** As last computed: kept, so that a restarted controller leaves rotation as it is until the host reports (design.md 9.2). */
  readonly inRotation: boolean
  /** Has been Ready since it was placed, or since its deployment was last resumed (T-9). */
  readonly readyOnce: boolean
  /** Since when it has been at its startup tasks or beyond in the run that it was told last: kept, so that H-23 counts on over a restart of the controller. */
  readonly tasksSince?: Instant | undefined
}

export interface Told {
  readonly run: 'Started' | 'Stopped' | 'Gone'
  readonly epochs: Epochs
  /** Counts role roots, from 1 (S-34). */
  readonly root: number
  /** Counts what was told, from 1. */
  readonly revision: number
  /** Revision with which its present run begins: a Ready of an older one speaks of a former run. */
  readonly runRevision: number
  /** VIP of the deployment when it was told: a swap tells nobody (U-57). */
  readonly vip: string
}

export interface HostRecord extends HostFacts {
  /** Reserve: registered, empty, not used yet. */
  readonly inService: boolean
  /** While it is drained, until it is given back (H-21). */
  readonly drain?: DrainRecord | undefined
}

export interface DrainRecord {
  /** The operation that ends when nothing runs on the host any more. */
  readonly operation: string
  /** When that was; absent before. */
  readonly drainedAt?: Instant | undefined
}

export interface EventRecord {
  readonly number: number
  readonly at: Instant
  readonly subject: string
  readonly kind: string
  readonly reason: string
  /** Key of the service that it belongs to; undefined for hosts. */
  readonly service?: string | undefined
  /** ID of the deployment, for the events of instances. */
  readonly deployment?: string | undefined
}

/** Key: `<subscription ID>/<name in lower case>`. */
export interface AffinityGroupRecord {
  readonly name: string
  readonly subscriptionId: string
  readonly label: string
  readonly description?: string | undefined
  readonly location: string
  readonly createdAt: Instant
}

/** A VIP that the subscription keeps (section 17 of service-management-api.md). Key: `<subscription ID>/<name in lower case>`. */
export interface ReservedAddressRecord {
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly subscriptionId: string
  readonly label?: string | undefined
  readonly location: string
  readonly address: string
  readonly createdAt: Instant
}

/** Key: `<service key>/<thumbprint>`. */
export interface CertificateRecord extends SealedCertificate {
  /** Key of the service. */
  readonly service: string
  readonly createdAt: Instant
}

/** Key: `<service key>/<id in lower case>`. */
export interface ExtensionRecord extends Extension {
  /** Key of the service. */
  readonly service: string
  readonly sealedConfiguration?: string | undefined
  readonly createdAt: Instant
}

/** A package on its way into a user's container; kept until it is there, so that a restart takes it up again (O-6). Key: the operation. */
export interface PackageCopyRecord {
  readonly operation: string
  /** Key of the service. */
  readonly service: string
  readonly deploymentName: string
  readonly packageSha256: string
  readonly configurationText: string
  readonly containerUrl: string
  readonly overwrite: boolean
}
