import type { Instant } from '../../../../kernel/instant.ts'

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
  /** The deployment's version that its host was sent to run. */
  readonly version: number
  /** The update that has brought it there. */
  readonly movedBy?: string | undefined
  /** Whether it was Ready when it was sent there. */
  readonly wasReady?: boolean | undefined
  /** In no later version: it goes for good. */
  readonly going?: true | undefined
  /** Number of the version that it came with; later than 1 when it was added. */
  readonly addedIn: number
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
  /** Release of the guest OS that it was last sent; absent in records older than releases: the oldest of its family. */
  readonly release?: string | undefined
  readonly host: string
  readonly containerId: string
  readonly address: string
  /** Local ports, by endpoint, as they are bound on this host. */
  readonly ports: Readonly<Record<string, { readonly first: number; readonly last: number }>>
  /** Uid of its guest there, as the host reported it; undefined: the host's own. */
  readonly account?: number | undefined
  /** Counts placements, from 1. */
  readonly placement: number
  /** The wanted state; sent to the host once the instance is out of rotation. */
  readonly epochs: Epochs
  /** The state sent to the host. */
  readonly told: Told
  /** As last computed: stored, so that a restarted controller leaves rotation as it is until the host reports (design.md 9.2). */
  readonly inRotation: boolean
  /** Has been Ready since it was placed, or since its deployment was last resumed (T-9). */
  readonly readyOnce: boolean
  /** When its present run was sent to its host, or when it was placed again. */
  readonly runSince?: Instant | undefined
  /** Since when it is at its startup tasks or beyond, in the run last sent: stored, so that H-23 counts on over a restart of the controller. */
  readonly tasksSince?: Instant | undefined
}

export interface Told {
  readonly run: 'Started' | 'Stopped' | 'Gone'
  readonly epochs: Epochs
  /** Counts role roots, from 1 (S-34). */
  readonly root: number
  /** Counts sent revisions, from 1. */
  readonly revision: number
  /** Revision with which its present run begins: a Ready of an older revision is about a former run. */
  readonly runRevision: number
  /** VIP of the deployment when the state was sent: a swap sends nothing (U-57). */
  readonly vip: string
}
