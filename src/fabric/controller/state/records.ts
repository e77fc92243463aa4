import type { Instant } from '../../../kernel/instant.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'
import type { OperationRecord } from '../../contract/commands.ts'
import type { Extension } from '../../contract/extension.ts'
import type { RestorationRecord } from '../../contract/restoration.ts'
import type { SealedCertificate } from '../../contract/service-certificate.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { HostRecord } from './records/host.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { AuthorityRecord, FormerMachineRecord, JoinTokenRecord, MachineRecord } from './records/machine.ts'
import type { SubscriptionRecord } from './records/subscription.ts'

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
  readonly brake: BrakeRecord
  readonly machine: MachineRecord
  readonly formerMachine: FormerMachineRecord
  readonly joinToken: JoinTokenRecord
  readonly authority: AuthorityRecord
  readonly restoration: RestorationRecord
}

export type TableName = keyof Records

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

/** Key: SHA-256 of the package. */
export interface PackageRecord {
  readonly sha256: string
  readonly model: ServiceModel
  /** Of its reading; absent in records that are older than this. */
  readonly warnings?: readonly string[] | undefined
  /** Names of the machines that hold it; absent in a fabric of one machine. */
  readonly holders?: readonly string[] | undefined
}

/** Healing and rollouts wait (H-39). One record, with the key `pool`. */
export interface BrakeRecord {
  /** Hosts that fell silent. */
  readonly hosts: readonly string[]
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

/** A VIP reserved for the subscription (section 17 of service-management-api.md). Key: `<subscription ID>/<name in lower case>`. */
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

/** A package on its way into a user's container; stored until it is there, so that a restart continues it (O-6). Key: the operation. */
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
