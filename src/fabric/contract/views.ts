import type { Fault } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'
import type { AffinityGroupView } from './affinity-group.ts'
import type {
  DeploymentReference,
  FailurePolicy,
  OperationRecord,
  OperationStatus,
  Slot,
  UpdateMode,
  Upgrade,
} from './commands.ts'
import type { Extension, ExtensionChoice } from './extension.ts'
import type { PlanView } from './plan.ts'
import type { ReservedAddressView } from './reserved-address.ts'
import type { ServiceCertificate } from './service-certificate.ts'

/** Every question that FFE may ask of the master, with its answer. `undefined` (JSON null): it does not exist. */
export interface Views {
  subscriptions: { ask: Readonly<Record<string, never>>; answer: readonly SubscriptionView[] }
  services: { ask: { readonly subscriptionId: string }; answer: readonly ServiceView[] }
  service: { ask: { readonly subscriptionId: string; readonly service: string }; answer: ServiceView | null }
  /** Whether the name is free on the whole server (C-6). */
  nameTaken: { ask: { readonly service: string }; answer: boolean }
  operation: { ask: { readonly subscriptionId: string; readonly id: string }; answer: OperationRecord | null }
  /** Operations started within the period, oldest first, those of one moment by ID; `more`: the limit cut the list. */
  operations: {
    ask: {
      readonly subscriptionId: string
      readonly from: Instant
      readonly until: Instant
      /** Beginning of the object ID, letter case aside; '' for all. */
      readonly object: string
      readonly status?: OperationStatus | undefined
      /** The last one already seen. */
      readonly after?: Pick<OperationRecord, 'startedAt' | 'id'> | undefined
      readonly limit: number
    }
    answer: { readonly operations: readonly OperationRecord[]; readonly more: boolean }
  }
  /**
   * The newest events of a service, or of the hosts when none is named, oldest first, each with the reason that the deciding part gave;
   * `after` is the number of the last one already seen.
   */
  events: {
    ask: { readonly subscriptionId: string; readonly service?: string | undefined; readonly after: number }
    answer: readonly EventView[]
  }
  /** Restarts of guests that the fabric began within the period, oldest first (D-21). */
  restarts: {
    ask: {
      readonly subscriptionId: string
      readonly deployment: DeploymentReference
      readonly from: Instant
      readonly until: Instant
    }
    answer: readonly RestartView[] | null
  }
  /** In the order of their names. */
  affinityGroups: { ask: { readonly subscriptionId: string }; answer: readonly AffinityGroupView[] }
  /** In the order of their names. */
  reservedAddresses: { ask: { readonly subscriptionId: string }; answer: readonly ReservedAddressView[] }
  /** Of one cloud service, oldest first (K-2). */
  serviceCertificates: {
    ask: { readonly subscriptionId: string; readonly service: string }
    answer: readonly ServiceCertificate[] | null
  }
  /** Of one cloud service, in the order of their IDs (11.1). */
  extensions: {
    ask: { readonly subscriptionId: string; readonly service: string }
    answer: readonly Extension[] | null
  }
  hosts: { ask: Readonly<Record<string, never>>; answer: readonly HostView[] }
  /** Null in a fabric of one machine. */
  machines: { ask: Readonly<Record<string, never>>; answer: FabricMachinesView | null }
  /** What an upgrade would do; touches nothing. Takes as long as reading its package. */
  plan: { ask: { readonly subscriptionId: string } & Upgrade; answer: PlanView }
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
  /** Present while an update is active (U-34). */
  readonly upgrade?: UpdateView | undefined
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly extendedProperties: Readonly<Record<string, string>>
  readonly vip: string
  /** Name of the VIP's reserved address (V-5). */
  readonly reservedAddress?: string | undefined
  readonly warnings: readonly string[]
  /** The fabric's own: waits for the deployment follow them. */
  readonly timers: Pick<Timers, 'settleTime' | 'recycleThreshold' | 'roleReadyTimeout'>
  /** Absent when it has none. */
  readonly extensions?: ExtensionChoice | undefined
}

/** An upgrade, configuration change or rollback on its way; the first three are UpgradeStatus (U-34). */
export interface UpdateView {
  readonly type: UpdateMode
  readonly domainState: 'Before' | 'During'
  readonly domain: number
  readonly kind: 'upgrade' | 'configuration' | 'rollback'
  /** Number of domains, frozen when the update started (U-32). */
  readonly domains: number
  /** The single role that is upgraded. */
  readonly role?: string | undefined
  /** Target version: instances with the same `version` have reached it. */
  readonly target: number
  readonly onFailure: FailurePolicy
  /** What it waits for now, worded as in its events. */
  readonly waitsFor: string
  /** Why it is stuck in its domain (U-29, U-37). */
  readonly held?: Fault | undefined
  /** It only adds instances to a suspended deployment, and is no UpgradeStatus (D-13). */
  readonly atRest?: true | undefined
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
  /** Ready for settleTime, without a failure in that time. */
  readonly hasSettled: boolean
  readonly details: string
  readonly errorCode?: string | undefined
  readonly upgradeDomain: number
  readonly faultDomain: number
  /** Version of the deployment that was sent to it to run. */
  readonly version: number
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

export interface RestartView {
  /** Grows by one for each event of the fabric. */
  readonly number: number
  readonly at: Instant
  readonly role: string
  readonly instance: string
  readonly reason: string
}

export interface HostView {
  readonly name: string
  /** Draining and Drained: it is being serviced, whether or not it answers (H-21). */
  readonly state: 'Reserve' | 'InService' | 'Lost' | 'Draining' | 'Drained'
  readonly cores: number
  readonly freeCores: number
  readonly faultDomain: number
  readonly instances: readonly string[]
  /** What its servicing waits for, in sentences: until the instances that were stopped there are back; of a lost host, that the brake is on (H-39). */
  readonly waitsFor: readonly string[]
  /** What it runs and a restored store does not know: keys of instances. */
  readonly unknown: readonly string[]
}

export interface FabricMachinesView {
  /** The fabric's own authority, PEM: a token bears its hash. */
  readonly authority: string
  readonly machines: readonly MachineState[]
  /** What is still to be done about machines that were removed, in sentences. */
  readonly leaving: readonly string[]
}

export interface MachineState {
  readonly name: string
  readonly address: string
  readonly number: number
  readonly version: string
  /** `host`, and `candidate` or `master`. */
  readonly roles: readonly string[]
  /** Why it is master, or what hinders a candidate; each goes on after the machine's name. */
  readonly notes: readonly string[]
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
