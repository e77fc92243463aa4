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
  /** Uid of its guest there, as the host has reported it; undefined: the host's own. */
  readonly account?: number | undefined
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
  /** Since when its host has been told its present run, or it has been placed anew. */
  readonly runSince?: Instant | undefined
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
