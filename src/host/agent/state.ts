import type { GuestDisk } from '../../guest/contract/guest-disk.ts'
import type { Drive, Owner } from '../../guest/contract/guest-paths.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { OpenPorts } from '../../guest/contract/open-ports.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { nothingThrown, type Thrown } from '../../kernel/thrown.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { HostGoal, InstanceGoal } from '../contract/goal.ts'
import type { HostFacts, InstanceReport } from '../contract/report.ts'
import { containerSubject, type HostSubject, packageSubject } from './subject.ts'

/** Facts that do not change while the agent runs. */
export interface HostConfiguration {
  readonly facts: HostFacts
  readonly dataDirectory: string
  readonly wireAddress: string
  readonly programs: string
  /** The guest agent that guests are to run (wire-server.md 14.4). */
  readonly agentPackage: { readonly path: string; readonly incarnation: string }
  readonly timers: Timers
  /** First of the uids that this host gives to guests; undefined: guests run under the host's own (design.md 9.5). */
  readonly firstUid?: number | undefined
  /** True: each guest has a network of its own (design.md 4). */
  readonly ownNetworks: boolean
}

export interface HostState {
  readonly configuration: HostConfiguration
  /** The newest goal; stored over restarts, so that guests are served while no controller answers. */
  readonly goal: HostGoal
  /** By container ID. */
  readonly containers: ReadonlyMap<string, Container>
  /** By SHA-256. */
  readonly packages: ReadonlyMap<string, HeldPackage>
  readonly reporting: Reporting
  /** Where the fabric has several machines: how this host stands to the master, unless all is well. */
  readonly contact?: Contact | undefined
  readonly roads: Roads
  /** Subjects that are set aside (F-27). */
  readonly thrown: Thrown<HostSubject>
  /** Why nothing can be stored on this host; undefined: no obstacle is known. */
  readonly unstored?: string | undefined
  /** Asks that have their answer. */
  readonly answered: readonly string[]
  /** `off`: every guest is to stop, gracefully; `cut`: at once. */
  readonly power: 'on' | 'off' | 'cut'
}

/** The roads to the guests of other machines, as far as this run of the agent knows. */
export interface Roads {
  /** Those of the last attempt; undefined: none was made, or something may have happened to them since. */
  readonly laid?: WantedRoads | undefined
  /** What is wrong with them, in sentences. */
  readonly troubles: readonly string[]
  /** Attempts in a row after which something was wrong. */
  readonly failures: number
  /** When to try again. */
  readonly retryAt?: Instant | undefined
}

export interface WantedRoads {
  /** Where the other machines reach this one. */
  readonly address: string
  readonly roads: NonNullable<HostGoal['roads']>
  /** Guests there that are peers of guests here, in the order of their addresses. */
  readonly peers: readonly { readonly address: string; readonly owner: Owner }[]
}

/** One guest, from the first goal with it until nothing of it is left. */
export interface Container {
  readonly record: ContainerRecord
  /** Undefined: no longer in the goal, so the guest goes. */
  readonly goal?: InstanceGoal | undefined
  readonly listening: boolean
  /** True: the first process of the guest has ended, and the rest is to be cleared. */
  readonly ended: boolean
  /** The newest report of this run of the guest, and the revision of the goal that the guest had reached with it. */
  readonly health?: (Omit<Health, 'containerId' | 'instanceId'> & { readonly revision: number }) | undefined
  /** Revisions of earlier incarnations, as far as this run of the agent knows: a guest may still run from one of them. */
  readonly formerRevisions?: Readonly<Record<number, number>> | undefined
  /** True: a former run of this agent started the guest, and it has not been heard since. */
  readonly adopted: boolean
  /** True: a former run of this agent may have ended after it started the guest and before it noted that. */
  readonly unsure?: boolean | undefined
  /** The open ports, where guests have networks of their own; undefined: unknown, or it does not run. */
  readonly opened?: readonly OpenPorts[] | undefined
  /** Its disks, where guests have mounts of their own; undefined: unknown, or it does not run. */
  readonly disks?: readonly GuestDisk[] | undefined
  /** Why the machine named this guest; until it has been stopped for that. */
  readonly overfull?: Overfull | undefined
  /** True: the guest has been heard since it was started. */
  readonly heard: boolean
  /** From when on silence counts: last heartbeat, start of the guest, or start of this agent. */
  readonly silentFrom: Instant
  /** From when on its stop is waited for; undefined: since it was sent. Later by the time in which this agent could not hear it (H-37). */
  readonly stopCountsFrom?: Instant | undefined
  /** When the status became what it is. */
  readonly since: Instant
  /** The last failure; nothing is tried again before `retryAt`. */
  readonly trouble?: { readonly fault: Fault; readonly retryAt: Instant } | undefined
  /** Starts in a row after which the guest was not heard. */
  readonly failures: number
}

/** What the drives of a guest hold, and its own share of that. */
export interface Overfull {
  readonly heldMB: number
  readonly ownMB: number
}

/** The stored half of a container; a later run of the agent adopts the guest with it. */
export interface ContainerRecord {
  readonly key: string
  readonly containerId: string
  /** Number on this host, from 0: the lowest that was free. */
  readonly number: number
  readonly uid?: number | undefined
  /** Directory of the guest's sockets; undefined until the guest has been created. */
  readonly run?: string | undefined
  /** Port of its wire server; the same over restarts of the agent. */
  readonly wirePort?: number | undefined
  /** Of the documents (wire-server.md 5); 0 before the first. */
  readonly incarnation: number
  readonly served?: Served | undefined
  /** The package of the former role root, as long as it is stored: a rollback needs no download. */
  readonly formerSha256?: string | undefined
  /** Revision of the goal that `served` comes from. */
  readonly revision: number
  /** Applied to the guest. */
  readonly epochs: InstanceGoal['epochs']
  /** Drives to rebuild before the next start, besides those whose epoch grew. */
  readonly rebuild: readonly Drive[]
  readonly process?: GuestProcess | undefined
  /** What a guest agent of another make last said of itself. It reports no more, so a restarted host Agent would never hear it. */
  readonly lastSaid?: 'Ready' | 'NotReady' | undefined
  /** When the stop was sent to the guest. */
  readonly stoppingSince?: Instant | undefined
}

/** First process of a guest; the three fields together identify it. */
export interface GuestProcess {
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
}

/** All content of the documents except their incarnation: any changed value makes a new incarnation. */
export interface Served
  extends Pick<
    InstanceGoal,
    'machine' | 'role' | 'packageSha256' | 'root' | 'keepFormerRoot' | 'guest' | 'certificates' | 'machineKey'
  > {
  /** Name of the directory that the package is unpacked in on this host. */
  readonly directory: string
  readonly prepare?: (NonNullable<InstanceGoal['prepare']> & { readonly directory: string }) | undefined
  readonly stopRolesDeadlineHintMs: number
  readonly agentPackage: HostConfiguration['agentPackage']
}

/** A package on the host, or on its way to it. */
export interface HeldPackage {
  /** Name of the directory that it is unpacked in, which cannot be guessed from its hash; undefined: it is not here, or not complete. */
  readonly directory?: string | undefined
  readonly failures: number
  readonly trouble?: { readonly fault: Fault; readonly retryAt: Instant } | undefined
}

/** From the moment at which the goal of this host may be out of date, until the master has given one anew (H-38). */
export interface Contact {
  /** True: this run of the agent has not heard the master yet, so nothing starts; what runs, runs on. */
  readonly startsNothing: boolean
  /** No master has answered for hostIsolatedAfter. */
  readonly unanswered?: Unanswered | undefined
  /** Why guests stop and none starts. */
  readonly isolated?: string | undefined
  /** They were last ended when `unanswered.ms` had come to this. */
  readonly endedAtMs?: number | undefined
}

export interface Unanswered {
  readonly ms: number
  /** The other machines are asked when `ms` has come to this. */
  readonly askAtMs: number
  /** How often in a row their answers have meant that this host is isolated. */
  readonly isolatedAnswers: number
  /** Which other machine has heard a master meanwhile, as a clause. */
  readonly seen?: string | undefined
}

/** What was reported to the controller. */
export interface Reporting {
  readonly registered: boolean
  /** How often this run has registered. */
  readonly registrations: number
  /** Why its guests were stopped when it was isolated; until the controller has been told. */
  readonly isolated?: string | undefined
  /** The next attempt to register is not made before. */
  readonly registerAt: Instant
  /** True: the controller has had a complete report since the registration. */
  readonly complete: boolean
  /** By instance key, as the controller last acknowledged. */
  readonly acknowledged: ReadonlyMap<string, InstanceReport>
  /** Troubles with roads that it knows of. */
  readonly troubles: readonly string[]
  /** Instances that are gone, which the controller does not know yet. */
  readonly gone: ReadonlySet<string>
  readonly lastReport: Instant
  /** How much news this run has taken in: the number of the reports decided after it, independent of the clock. */
  readonly news: number
}

export const noGoal: HostGoal = { version: 0, instances: [], asks: [] }

/** A host that knows nothing yet. */
export function emptyState(configuration: HostConfiguration): HostState {
  return {
    configuration,
    goal: noGoal,
    containers: new Map(),
    packages: new Map(),
    reporting: {
      registered: false,
      registrations: 0,
      isolated: undefined,
      registerAt: 0,
      complete: false,
      acknowledged: new Map(),
      troubles: [],
      gone: new Set(),
      lastReport: 0,
      news: 0,
    },
    roads: { troubles: [], failures: 0 },
    thrown: nothingThrown(),
    answered: [],
    power: 'on',
  }
}

/** All subjects, to be decided at start. */
export function allSubjects({ containers, packages }: HostState): readonly HostSubject[] {
  return ['host', 'roads', ...[...packages.keys()].map(packageSubject), ...[...containers.keys()].map(containerSubject)]
}
