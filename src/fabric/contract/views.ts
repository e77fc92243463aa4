import type { Instant } from '../../kernel/instant.ts'
import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'
import type { OperationRecord, Slot } from './commands.ts'

/** Every question that FFE may ask of the master, with its answer. `undefined` (JSON null) means: there is no such thing. */
export interface Views {
  subscriptions: { ask: Readonly<Record<string, never>>; answer: readonly SubscriptionView[] }
  services: { ask: { readonly subscriptionId: string }; answer: readonly ServiceView[] }
  service: { ask: { readonly subscriptionId: string; readonly service: string }; answer: ServiceView | null }
  /** Whether the name is free on the whole server (C-6). */
  nameTaken: { ask: { readonly service: string }; answer: boolean }
  operation: { ask: { readonly subscriptionId: string; readonly id: string }; answer: OperationRecord | null }
  /** Operations started within the period, oldest first. */
  operations: {
    ask: { readonly subscriptionId: string; readonly from: Instant; readonly until: Instant }
    answer: readonly OperationRecord[]
  }
  /** The newest events of a service, oldest first, each with the reason that the deciding part gave; `after` is the number of the last one already seen. */
  events: {
    ask: { readonly subscriptionId: string; readonly service: string; readonly after: number }
    answer: readonly EventView[]
  }
  hosts: { ask: Readonly<Record<string, never>>; answer: readonly HostView[] }
  /** A piece of an instance's log, fetched from its host (G-1). */
  log: {
    ask: {
      readonly subscriptionId: string
      readonly service: string
      readonly slot: Slot
      readonly instance: string
      readonly log: string
      readonly offset: number
    }
    answer: LogView | null
  }
}

export type ViewName = keyof Views

export interface SubscriptionView {
  readonly id: string
  readonly name: string
  readonly status: 'Active' | 'Disabled'
  readonly createdAt: Instant
  readonly maxCores: number
  readonly maxServices: number
  readonly currentCores: number
  readonly currentServices: number
  readonly certificates: readonly {
    readonly thumbprint: string /** DER in Base64. */
    readonly data: string
    readonly createdAt: Instant
  }[]
}

export interface ServiceView {
  readonly name: string
  readonly label: string
  readonly description?: string | undefined
  readonly location?: string | undefined
  readonly affinityGroup?: string | undefined
  readonly reverseDnsFqdn?: string | undefined
  readonly status: 'Created' | 'Deleting'
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly extendedProperties: Readonly<Record<string, string>>
  /** Production first. */
  readonly deployments: readonly DeploymentView[]
}

export type DeploymentStatus =
  | 'Running'
  | 'Suspended'
  | 'RunningTransitioning'
  | 'SuspendedTransitioning'
  | 'Starting'
  | 'Suspending'
  | 'Deploying'
  | 'Deleting'

export interface DeploymentView {
  readonly name: string
  readonly slot: Slot
  /** 32 hexadecimal digits (PrivateID). */
  readonly id: string
  readonly status: DeploymentStatus
  readonly label: string
  /** True until the package was read and the instances placed (D-10). */
  readonly deploying: boolean
  readonly url: string
  /** The .cscfg in force, as text. */
  readonly configuration: string
  readonly definitionName: string
  readonly instances: readonly InstanceView[]
  readonly upgradeDomainCount: number
  readonly roles: readonly RoleView[]
  readonly sdkVersion: string
  readonly locked: boolean
  readonly rollbackAllowed: boolean
  readonly upgrade?:
    | {
        readonly type: 'Auto' | 'Manual' | 'Simultaneous'
        readonly domainState: 'Before' | 'During'
        readonly domain: number
      }
    | undefined
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly extendedProperties: Readonly<Record<string, string>>
  readonly vip: string
  readonly warnings: readonly string[]
}

export interface RoleView {
  readonly name: string
  readonly osVersion: string
  readonly inputEndpoints: readonly {
    readonly name: string /** As really bound. */
    readonly port: number
    readonly protocol: string
  }[]
}

export interface InstanceView {
  readonly role: string
  readonly name: string
  readonly status: InstanceStatus
  readonly details: string
  readonly errorCode?: string | undefined
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
  readonly address: string
  readonly endpoints: readonly {
    readonly name: string
    readonly publicPort?: number | undefined
    readonly localPort: number
    readonly protocol: string
  }[]
  readonly powerState: PowerState
  readonly inRotation: boolean
  readonly host: string
}

export interface EventView {
  /** Grows by one for each event of the fabric. */
  readonly number: number
  readonly at: Instant
  /** Deployment, role instance, host or service that the event is about. */
  readonly subject: string
  readonly kind: string
  readonly reason: string
}

export interface HostView {
  readonly name: string
  readonly state: 'Reserve' | 'InService' | 'Lost'
  readonly cores: number
  readonly freeCores: number
  readonly faultDomain: number
  readonly instances: readonly string[]
}

export interface LogView {
  /** `C:\Logs\WaAppAgent.log` */
  readonly logicalPath: string
  readonly realPath: string
  /** Text from `offset` on, at most 64 KiB. */
  readonly text: string
  readonly nextOffset: number
  /** When the log of that name does not exist: the names that do. */
  readonly known?: readonly string[] | undefined
}
