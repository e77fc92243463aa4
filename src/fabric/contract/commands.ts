import type { Fault } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { AffinityGroupCommand } from './affinity-group.ts'
import type { ExtensionChoice, ExtensionCommand } from './extension.ts'
import type { GivenText } from './given-text.ts'
import type { ReservedAddressCommand } from './reserved-address.ts'
import type { ServiceCertificateCommand } from './service-certificate.ts'

/** What RDFE asks of the fabric, in the fabric's words (F-4). A command is committed together with its operation record before the 202. */
export interface CommandEnvelope {
  /** 32 lower-case hexadecimal digits. The same ID again returns the record that exists and changes nothing. */
  readonly requestId: string
  readonly subscriptionId: string
  /** `CreateDeploymentBySlot` and so on (S-2 of service-management-api.md). */
  readonly operationName: string
  /** `/<sub>/services/hostedservices/<name>…` */
  readonly objectId: GivenText
  readonly caller: { readonly thumbprint: string; readonly clientAddress: string }
  /** The parameters that the operation's record shows, by name. */
  readonly parameters?: Readonly<Record<string, GivenText>> | undefined
  readonly command: Command
}

export type Slot = 'Production' | 'Staging'

/** A deployment by slot or by name; names compare without regard to case. */
export type DeploymentReference = { readonly service: string } & ({ readonly slot: Slot } | { readonly name: string })

/** Value undefined deletes the property. */
export type PropertyChanges = Readonly<Record<string, string | null>>

/** Simultaneous: all domains at once, a total interruption that the caller accepts (U-36). */
export type UpdateMode = 'Auto' | 'Manual' | 'Simultaneous'

/** What an update does when its domain does not get Ready: stay there, go back, or go on after roleReadyTimeout (U-29). */
export type FailurePolicy = 'hold' | 'rollback' | 'continue'

/** The parts of an upgrade. Its plan is asked for with the same parts (U-21 to U-25). */
export interface Upgrade {
  readonly deployment: DeploymentReference
  readonly mode: UpdateMode
  readonly packageUrl: string
  /** The .cscfg as text, decoded. */
  readonly configuration: string
  readonly label: string
  /** A single role; absent: all of them. */
  readonly role?: string | undefined
  /** Goes on although local data of some instances is lost (policy relaxed2011). */
  readonly force: boolean
  readonly extendedProperties: PropertyChanges
  /** Absent: hold. */
  readonly onFailure?: FailurePolicy | undefined
  /** Absent: those that the deployment has. */
  readonly extensions?: ExtensionChoice | undefined
}

export type Command =
  | {
      readonly kind: 'createService'
      readonly service: string
      /** Base64, as it came (C-1). */
      readonly label: string
      readonly description?: string | undefined
      readonly location?: string | undefined
      readonly affinityGroup?: string | undefined
      readonly reverseDnsFqdn?: string | undefined
      readonly extendedProperties: PropertyChanges
    }
  | {
      readonly kind: 'updateService'
      readonly service: string
      readonly label?: string | undefined
      readonly description?: string | undefined
      readonly reverseDnsFqdn?: string | undefined
      readonly extendedProperties: PropertyChanges
    }
  | { readonly kind: 'deleteService'; readonly service: string; readonly withDeployments: boolean }
  | {
      readonly kind: 'createDeployment'
      readonly service: string
      readonly slot: Slot
      readonly name: string
      readonly label: string
      readonly packageUrl: string
      /** The .cscfg as text, decoded. */
      readonly configuration: string
      readonly start: boolean
      readonly treatWarningsAsError: boolean
      readonly extendedProperties: PropertyChanges
      readonly extensions?: ExtensionChoice | undefined
    }
  | { readonly kind: 'deleteDeployment'; readonly deployment: DeploymentReference }
  | {
      readonly kind: 'updateDeploymentStatus'
      readonly deployment: DeploymentReference
      readonly status: 'Running' | 'Suspended'
    }
  | {
      readonly kind: 'rebootInstance' | 'reimageInstance' | 'rebuildInstance'
      readonly deployment: DeploymentReference
      readonly instance: string
    }
  | ({ readonly kind: 'upgradeDeployment' } & Upgrade)
  /** Refused at once when it is out of order (U-32). */
  | { readonly kind: 'walkUpgradeDomain'; readonly deployment: DeploymentReference; readonly domain: number }
  | {
      readonly kind: 'rollback'
      readonly deployment: DeploymentReference
      readonly mode: 'Auto' | 'Manual'
      readonly force: boolean
    }
  | {
      readonly kind: 'changeConfiguration'
      readonly deployment: DeploymentReference
      /** The .cscfg as text, decoded. */
      readonly configuration: string
      readonly mode: UpdateMode
      readonly treatWarningsAsError: boolean
      readonly extendedProperties: PropertyChanges
      /** Absent: those that the deployment has. */
      readonly extensions?: ExtensionChoice | undefined
    }
  /** Names of the deployments that are in the slots now; `production` absent when that slot is empty (D-18). */
  | {
      readonly kind: 'swap'
      readonly service: string
      readonly production?: string | undefined
      readonly source: string
    }
  /** `<Role>_IN_<n>` of each (D-23). */
  | {
      readonly kind: 'deleteInstances'
      readonly deployment: DeploymentReference
      readonly instances: readonly string[]
    }
  | {
      readonly kind: 'addManagementCertificate'
      readonly thumbprint: string
      /** DER in Base64. */
      readonly data: string
      readonly expiresAt?: Instant | undefined
    }
  | { readonly kind: 'deleteManagementCertificate'; readonly thumbprint: string }
  /** H-21: ends when nothing runs on the host any more. */
  | { readonly kind: 'drainHost'; readonly host: string }
  /** The host is given back: instances that are stopped there start again. */
  | { readonly kind: 'endDrain'; readonly host: string }
  /** H-39: healing and rollouts go on, although hosts are away. */
  | { readonly kind: 'releaseBrake' }
  /** The machine of that name leaves the fabric. Forced: although role instances run on it. */
  | { readonly kind: 'removeHost'; readonly host: string; readonly force: boolean }
  /** A machine may join by it, once. `token`: SHA-256 of its secret; `controller`: as a candidate too. */
  | {
      readonly kind: 'addJoinToken'
      readonly token: string
      readonly controller: boolean
      readonly validMs: number
    }
  /** What the host runs and a restored store does not know ends. */
  | { readonly kind: 'clearHost'; readonly host: string }
  | AffinityGroupCommand
  | ServiceCertificateCommand
  | ExtensionCommand
  | ReservedAddressCommand
  /** Writes package and configuration of a deployment into a container (D-20). */
  | {
      readonly kind: 'getPackage'
      readonly deployment: DeploymentReference
      readonly containerUrl: string
      readonly overwrite: boolean
    }

export const operationStatuses = ['InProgress', 'Succeeded', 'Failed'] as const
export type OperationStatus = (typeof operationStatuses)[number]

export interface OperationRecord {
  readonly id: string
  readonly subscriptionId: string
  readonly name: string
  readonly objectId: string
  readonly caller: CommandEnvelope['caller']
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly status: OperationStatus
  /** Set once ended: 200, or the status the request would have had (O-3). */
  readonly httpStatus?: number | undefined
  readonly error?: Fault | undefined
  readonly startedAt: Instant
  readonly completedAt?: Instant | undefined
}

export type CommandReply = { readonly accepted: OperationRecord } | { readonly refused: Fault }

/** HTTP status of a fault's code (section 6 and 16 of service-management-api.md). */
export function httpStatusOf(code: string): number {
  return statusOfCode[code] ?? 500
}

const statusOfCode: Readonly<Record<string, number>> = {
  MissingOrIncorrectVersionHeader: 400,
  PackageNotStaged: 400,
  InvalidXmlRequest: 400,
  InvalidContentType: 400,
  MissingOrInvalidRequiredQueryParameter: 400,
  InvalidHttpVerb: 400,
  BadRequest: 400,
  'Compute.ConstrainedAllocationFailed': 400,
  OverconstrainedAllocationRequest: 400,
  UpdateDeploymentRoleRecycleThresholdReached: 400,
  ForbiddenError: 403,
  AuthenticationFailed: 403,
  SubscriptionDisabled: 403,
  ResourceNotFound: 404,
  ConflictError: 409,
  VipSwapNotAllowedAsRollingUpgradeIsInProgress: 409,
  InternalError: 500,
  OperationTimedOut: 500,
  TooManyRequests: 503,
  ServerBusy: 503,
}
