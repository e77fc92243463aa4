import type {
  GuestSpecification,
  TopologyEndpoint,
  TopologyInstance,
} from '../../guest/contract/guest-specification.ts'

export { defaultProbePort } from '../../guest/contract/goal-state.ts'
export type { GuestSpecification, TopologyEndpoint, TopologyInstance }

/** All that a host is to run. What is not in it any more is stopped and deleted. */
export interface HostGoal {
  /** Grows with every change, over restarts of the controller too; an older one is ignored. */
  readonly version: number
  readonly instances: readonly InstanceGoal[]
  /** Questions for the host that are no goals, answered by `POST answer`. */
  readonly asks: readonly Ask[]
}

export interface InstanceGoal {
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  readonly containerId: string
  /** Counts what the controller intended for this instance; reports name the revision that they speak of. */
  readonly revision: number
  /** State wanted of the guest and of the role in it (wire-server.md 5). */
  readonly machine: 'Started' | 'Stopped'
  readonly role: 'Started' | 'Stopped'
  /** True: the instance is going for good; graceful stop, then nothing of it is left. */
  readonly deleting: boolean
  /** Each only grows. A higher `guest` restarts the guest, a higher drive letter rebuilds that drive first (table 3.1). */
  readonly epochs: { readonly guest: number; readonly c: number; readonly d: number; readonly e: number }
  readonly packageSha256: string
  readonly guest: GuestSpecification
  readonly certificates: readonly Certificate[]
}

/** A question that the fabric has for a host. */
export interface Ask {
  readonly id: string
  readonly kind: 'log'
  readonly key: string
  readonly log: string
  readonly offset: number
}

/** A service certificate for the guest: PFX, sealed to the host. Empty until certificates in the guest are built. */
export interface Certificate {
  readonly thumbprint: string
  readonly sealed: string
}
