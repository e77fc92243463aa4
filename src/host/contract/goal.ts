import type {
  GuestSpecification,
  TopologyEndpoint,
  TopologyInstance,
} from '../../guest/contract/guest-specification.ts'

export { defaultProbePort } from '../../guest/contract/goal-state.ts'
export type { GuestSpecification, TopologyEndpoint, TopologyInstance }

/** All that a host is to run. Instances no longer in it are stopped and deleted. */
export interface HostGoal {
  /** Grows with every change, over restarts of the controller too; an older one is ignored. */
  readonly version: number
  readonly instances: readonly InstanceGoal[]
  /** Containers without a goal now, because deciding it threw (F-27): their last goal still holds. */
  readonly untold?: readonly string[] | undefined
  /** After a restore: instances that are not in the goal stay as they are, but for those with one of these keys, which run elsewhere. */
  readonly keepsOthersBut?: readonly string[] | undefined
  /** To the guests of the other machines of the fabric; absent: there are none. */
  readonly roads?: readonly Road[] | undefined
  /** Questions for the host that are no goals, answered by `POST answer`. */
  readonly asks: readonly Ask[]
}

/** The way to the guests of a host on another machine. */
export interface Road {
  /** Of that host. */
  readonly name: string
  /** `a.b.c.d/p`: its guests' addresses. */
  readonly subnet: string
  /** IPv4, where its machine is reached. */
  readonly address: string
}

export interface InstanceGoal {
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  readonly containerId: string
  /** Counts what the controller intended for this instance; reports name the revision that they are about. */
  readonly revision: number
  /** Wanted state of the guest and of the role in it (wire-server.md 5). */
  readonly machine: 'Started' | 'Stopped'
  readonly role: 'Started' | 'Stopped'
  /** True: the instance goes for good: a graceful stop, then nothing of it is left. */
  readonly deleting: boolean
  /** Each only grows. A higher `guest` restarts the guest, a higher drive letter rebuilds that drive first (table 3.1). */
  readonly epochs: { readonly guest: number; readonly c: number; readonly d: number; readonly e: number }
  readonly packageSha256: string
  /**
   * Counts the role roots of this instance, from 1; a rollback counts too, and the package may be the same. The role root stands on
   * E: for an odd number and on F: for an even one (S-34). A higher number stops the role alone, gracefully, makes the new root of
   * `packageSha256` unless it is prepared, and starts the role from it; the guest runs on (H-18).
   */
  readonly root: number
  /** The next role root, to be fetched and unpacked on the free letter while the role runs on; absent: nothing to prepare. */
  readonly prepare?: { readonly packageSha256: string } | undefined
  /** True: an update is under way, so the former root stays on its letter until this is false (design.md 9.8). */
  readonly keepFormerRoot: boolean
  readonly guest: GuestSpecification
  readonly certificates: readonly Certificate[]
  /** Digits of the machine key (I-14), sealed like the key of a certificate; absent: no web role, or the controller does not answer a host. */
  readonly machineKey?: SealedKey | undefined
}

/** A question of the fabric to a host. */
export interface Ask {
  readonly id: string
  readonly kind: 'log'
  readonly key: string
  readonly log: string
  readonly offset: number
}

/** A service certificate for the guest, and what was uploaded with it to vouch for it (wire-server.md 8). */
export interface Certificate {
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
  /** Absent: it was uploaded without its key. */
  readonly key?: SealedKey | undefined
}

/**
 * A private key in PKCS#8, or another secret, sealed: in the controller under the fabric's key, on the way to the host under the host's, which alone
 * opens it.
 */
export interface SealedKey {
  readonly sealed: string
  readonly purpose: string
}
