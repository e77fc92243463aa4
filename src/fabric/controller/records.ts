import type { HostFacts } from '../../host/contract/report.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ServiceConfiguration } from '../../service-model/configuration.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import type { OperationRecord, Slot } from '../contract/commands.ts'

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
  /** By number, from 1; an upgrade adds the next one and removes the former when it has ended. */
  readonly versions: Readonly<Record<number, DeploymentVersion>>
  /** The version whose configuration is in force. */
  readonly current: number
  readonly wanted: 'Running' | 'Suspended' | 'Deleted'
  /** Operations that have not ended, oldest first. */
  readonly waiting: readonly Waiting[]
  readonly vip: string
  /** Labels of the hosts' fault domains, by fault domain of the instances; empty when there are fewer than two (A-20). */
  readonly faultDomains: readonly number[]
  readonly warnings: readonly string[]
  readonly extendedProperties: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  /** When the instances were last told to start: Starting ends roleReadyTimeout after it (T-9). */
  readonly startingSince: Instant
}

export interface DeploymentRequest {
  readonly packageUrl: string
  readonly configuration: string
  readonly treatWarningsAsError: boolean
}

/** One package with one configuration. */
export interface DeploymentVersion {
  readonly packageSha256: string
  readonly configuration: ServiceConfiguration
  /** The .cscfg as it came. */
  readonly configurationText: string
  readonly label: string
}

/** What an operation waits for before it ends (table of service-management-api.md 7). */
export interface Waiting {
  readonly operation: string
  readonly until: 'placed' | 'running' | 'suspended' | 'gone' | { readonly told: string }
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
  /** The deployment's version that this instance is to run. */
  readonly version: number
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
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
  /** Has been Ready since the last start (T-9). */
  readonly readyOnce: boolean
}

export interface Told {
  readonly run: 'Started' | 'Stopped' | 'Gone'
  readonly epochs: Epochs
  /** Counts what was told, from 1. */
  readonly revision: number
}

export interface HostRecord extends HostFacts {
  /** Reserve: registered, empty, not used yet. */
  readonly inService: boolean
}

export interface EventRecord {
  readonly number: number
  readonly at: Instant
  readonly subject: string
  readonly kind: string
  readonly reason: string
  /** Key of the service that it belongs to; undefined for hosts. */
  readonly service?: string | undefined
}
