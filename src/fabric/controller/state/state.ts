import { List, Map, OrderedSet, Set } from 'immutable'
import type { Ask } from '../../../host/contract/goal.ts'
import type { InstanceReport } from '../../../host/contract/report.ts'
import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Write } from '../../../kernel/store.ts'
import { nothingThrown, type Thrown } from '../../../kernel/thrown.ts'
import type { PublicEndpoint, RotationReport } from '../../contract/rotation.ts'
import type { Subject } from '../subject.ts'
import { type FabricFacts, firstVersion } from './facts.ts'
import type { HostLoad } from './load.ts'
import type { Records, TableName } from './records.ts'

export type Tables = { readonly [Name in TableName]: Map<string, Records[Name]> }

/** Everything that the master knows. Changed by `keep` (stored and derived) and by plain copies (observed). */
export interface FabricState {
  readonly facts: FabricFacts
  readonly startedAt: Instant
  readonly stored: Tables
  readonly derived: Derived
  readonly observed: Observed
  /** Groups of records that are not committed yet; a group is all or nothing. */
  readonly unsaved: List<readonly Write[]>
}

/** Follows from the stored half; updated record by record, so that no decision has to search. */
export interface Derived {
  /** What instances take of each host. */
  readonly loads: Map<string, HostLoad>
  /** Instances by deployment. */
  readonly instancesOf: Map<string, OrderedSet<string>>
  /** Instances by host. */
  readonly instancesOn: Map<string, OrderedSet<string>>
  /** Deployments by service. */
  readonly deploymentsOf: Map<string, OrderedSet<string>>
  /** VIPs and DIPs in use. */
  readonly addresses: Set<string>
  /** Keys of the reserved addresses, by VIP. */
  readonly reservedAddresses: Map<string, string>
  /** Cores by subscription (S-1 of service-management-api.md). */
  readonly cores: Map<string, number>
  readonly lastEvent: number
  /** The host that is being serviced: one at a time (H-21). */
  readonly serviced?: string | undefined
  /** Fingerprints of the certificates of machines: no others are believed in a fabric of several. */
  readonly fingerprints: Set<string>
}

/** Comes from below and is never stored. */
export interface Observed {
  /** Newest report of each instance, from the host on which it is placed. */
  readonly reports: Map<string, InstanceReport>
  /** Number of that report: an older one that comes later is ignored. */
  readonly reportNumbers: Map<string, number>
  /** Instances that fail in this run, and how (H-40). */
  readonly failing: Map<string, Failing>
  /** When each host was last heard in this run. */
  readonly heard: Map<string, Instant>
  /** Hosts that have sent a complete report in this run. */
  readonly synchronised: Set<string>
  readonly lost: Set<string>
  /** The true signs of life of hosts, in a fabric of several machines: what this controller has slept through is no sign (H-38). */
  readonly signs: Map<string, SignsOfLife>
  /** When a host reported again that had been silent. */
  readonly returnedAt?: Instant | undefined
  /** From when on lost hosts could find out that they are cut off (H-38). */
  readonly foundOut: Map<string, Instant>
  /** Instances that hosts report and a restored store does not know, by host; nothing while the store was not restored. */
  readonly unknown: Map<string, readonly UnknownInstance[]>
  /** What is wrong with the roads of hosts to other machines, as they last reported, in sentences. */
  readonly roadTroubles: Map<string, readonly string[]>
  /** Version of the goal of each host. */
  readonly goalVersions: Map<string, number>
  readonly lastGoalVersion: number
  readonly asks: Map<string, readonly Ask[]>
  readonly rotation: { readonly version: number; readonly endpoints: Map<string, readonly PublicEndpoint[]> }
  /** By the name in its certificate. */
  readonly balancers: Map<string, Balancer>
  /** Instances on their way out of rotation because the fabric wants to stop them. */
  readonly leaving: Map<string, Leaving>
  /** Since when instances are Ready with the latest goal sent, as seen in this run: the settle time counts from here (U-29). */
  readonly readySince: Map<string, Instant>
  /** By how much the clock of this run has been moved so far, in milliseconds (H-37). */
  readonly movedMs: number
  /** For each stored moment that this run has written, `movedMs` at that time (measured.ts). */
  readonly written: Map<string, number>
  /** Grows when room appears: subjects that could not be healed or moved wait for that. */
  readonly room: number
  /** Lost hosts that could not be healed, with `room` at that time. */
  readonly unhealed: Map<string, number>
  /** Deployments whose instances a drain cannot move to other hosts, with `room` at that time. */
  readonly unmoved: Map<string, number>
  /** Newest addresses handed out, by range or subnet, so that a released one rests as long as possible. */
  readonly addressCursor: Readonly<Record<string, number>>
  /** Subjects that are set aside, and what has thrown (F-27). */
  readonly thrown: Thrown<Subject>
  /** What hinders the holding of a package, by SHA-256, and when it is tried again. */
  readonly packageTroubles: Map<string, PackageTrouble>
  /** Answers to refused commands, which left no record; the oldest are forgotten. */
  readonly refusals: Map<string, Fault>
  /** Machines that have asked for their member of etcd to become a voter. */
  readonly promotions: Set<string>
  /** Why members of etcd could not be added, promoted or removed, and when, by machine or key of the former machine. */
  readonly memberFaults: Map<string, { readonly fault: Fault; readonly at: Instant }>
}

export interface SignsOfLife {
  /** When anything of it was last heard. */
  readonly at: Instant
  /** When it last reported, which is to say that it had been answered. */
  readonly reportAt: Instant
  /** Since when it has reported without a gap. */
  readonly reportsSince: Instant
  /** How many machines it knew then, where it says so. */
  readonly machines?: number | undefined
}

export interface UnknownInstance {
  readonly key: string
  readonly address?: string | undefined
}

export interface Failing {
  readonly signature: string
  /** In a row. */
  readonly times: number
  /** The release of the guest OS with which servicing had brought it that far. */
  readonly release?: string | undefined
  /** Healing has brought it to its host, and it has not been Ready there. */
  readonly healed?: boolean | undefined
}

export interface Balancer {
  /** It lives: a long poll is open, or the last one ended so shortly ago that it may still be serving (desk/rotation-poll.ts). */
  readonly polling: boolean
  readonly report?: RotationReport | undefined
}

export interface PackageTrouble {
  readonly words: string
  readonly until: Instant
}

export interface Leaving {
  readonly since: Instant
  /** Rotation version whose acknowledgement shows that nothing new arrives any more. */
  readonly version: number
}

export function emptyState(facts: FabricFacts, startedAt: Instant): FabricState {
  return {
    facts,
    startedAt,
    stored: {
      subscription: Map(),
      service: Map(),
      deployment: Map(),
      package: Map(),
      instance: Map(),
      operation: Map(),
      host: Map(),
      event: Map(),
      affinityGroup: Map(),
      certificate: Map(),
      extension: Map(),
      packageCopy: Map(),
      reservedAddress: Map(),
      brake: Map(),
      machine: Map(),
      formerMachine: Map(),
      joinToken: Map(),
      authority: Map(),
      restoration: Map(),
    },
    derived: {
      loads: Map(),
      instancesOf: Map(),
      instancesOn: Map(),
      deploymentsOf: Map(),
      addresses: Set(),
      reservedAddresses: Map(),
      cores: Map(),
      lastEvent: 0,
      fingerprints: Set(),
    },
    observed: {
      reports: Map(),
      reportNumbers: Map(),
      failing: Map(),
      heard: Map(),
      synchronised: Set(),
      lost: Set(),
      unknown: Map(),
      roadTroubles: Map(),
      goalVersions: Map(),
      lastGoalVersion: firstVersion(facts.epoch),
      asks: Map(),
      rotation: { version: firstVersion(facts.epoch), endpoints: Map() },
      balancers: Map(),
      leaving: Map(),
      readySince: Map(),
      movedMs: 0,
      written: Map(),
      room: 0,
      signs: Map(),
      foundOut: Map(),
      unhealed: Map(),
      unmoved: Map(),
      addressCursor: {},
      thrown: nothingThrown(),
      packageTroubles: Map(),
      refusals: Map(),
      promotions: Set(),
      memberFaults: Map(),
    },
    unsaved: List(),
  }
}

export function observe(state: FabricState, change: Partial<Observed>): FabricState {
  return { ...state, observed: { ...state.observed, ...change } }
}

/** When a host was last heard: the start of this run, if it has said nothing since. */
export function lastHeard(state: FabricState, host: string): Instant {
  return state.observed.heard.get(host, state.startedAt)
}
