import type { Instant } from '../../kernel/instant.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { BootstrapperExit, BootstrapperReport } from '../bootstrapper/protocol.ts'
import type { GuestConfiguration } from '../contract/guest-configuration.ts'
import type { Drives, RoleRoot } from './drives.ts'

/** The fabric's goal for this guest, with the documents of that incarnation. */
export interface Goal {
  readonly incarnation: number
  readonly containerId: string
  readonly machine: 'Started' | 'Stopped'
  readonly role: 'Started' | 'Stopped'
  readonly stopRolesDeadlineHintMs: number
  readonly agentPackage?: { readonly path: string; readonly incarnation: string } | undefined
  readonly instanceId: string
  readonly configName: string
  /** URL of the certificates, if the role has any (wire-server.md 8). */
  readonly certificates?: string | undefined
  readonly configuration: GuestConfiguration
}

/** The goal for which the guest's directories and documents are made (S-8); its role root is separate. */
export interface Prepared {
  readonly incarnation: number
  /** One new document for each change, never rewritten (role-runtime.md 5). */
  readonly environment: { readonly number: number; readonly path: string; readonly text: string }
}

/** The values with which a host stack was started: another value means that it must be started again (H-18). */
export interface Runs {
  readonly root: RoleRoot
  readonly certificates: string
}

export type StopReason = 'goal' | 'root' | 'certificate' | 'recycle' | 'returned' | 'agentUpdate'

/**
 * The host stack: WaHostBootstrapper and all its children.
 *     down ─▶ up ─▶ leaving ─▶ stopping ─▶ down     a requested stop (H-27)
 *              └──────────────────────────▶ down     an unexpected end (H-9)
 */
export type Stack =
  | { readonly kind: 'down'; readonly since: Instant; readonly restart: boolean; readonly retryAt: Instant }
  | {
      readonly kind: 'up'
      readonly since: Instant
      readonly runs: Runs
      readonly report?: BootstrapperReport | undefined
      /** Incarnation of the last goal that was sent to it. */
      readonly told: number
    }
  /** Out of rotation first: the report that leaves Ready waits for its answer. */
  | { readonly kind: 'leaving'; readonly since: Instant; readonly runs: Runs; readonly why: StopReason }
  | {
      readonly kind: 'stopping'
      readonly since: Instant
      readonly runs: Runs
      readonly why: StopReason
      readonly deadline: Instant
      readonly told: boolean
    }

/** What an agent must find again after a restart; the rest is requested. */
export interface Memory {
  readonly prepared?: Prepared | undefined
  readonly drives: Drives
  readonly stack: Stack
  /** The stack's process, as the machine recognises it. */
  readonly process?: unknown
  /** Exits in a row without having been settled in Ready (H-14). */
  readonly failures: number
  /** Number of the role root that they speak of: a new one begins without any. */
  readonly countedRoot?: number | undefined
  readonly lastExit?: BootstrapperExit | undefined
  readonly readySince?: Instant | undefined
}

export interface GuestAgentState extends Memory {
  readonly timers: Timers
  /** Incarnation of the program of this agent (H-24). */
  readonly agentIncarnation: string
  /** Newest incarnation of the container that is known. */
  readonly latest: number
  readonly goal?: Goal | undefined
  /** Which role root could not be unpacked, why, how often in a row, and when last. */
  readonly rootFault?:
    | { readonly root: RoleRoot; readonly times: number; readonly message: string; readonly at: Instant }
    | undefined
  /** Why the guest cannot be set up, how often in a row, and when it is tried again. */
  readonly unprepared?: { readonly times: number; readonly message: string; readonly at: Instant } | undefined
  /** The health that the host agent has taken. */
  readonly reported?: string | undefined
  /** True: the host agent has not answered yet that the instance is out of rotation. */
  readonly inRotation: boolean
  /** When the last report of each kind was begun, or is to be tried again. */
  readonly heartbeatAt: Instant
  readonly retryReportAt: Instant
  readonly retryFetchAt: Instant
  /** When a kill, a clearing or a change of the agent that has shown no effect is tried again. */
  readonly retryKillAt: Instant
  readonly retryClearAt: Instant
  readonly retryReplaceAt: Instant
  readonly measuredAt: Instant
  /** What was thrown where this agent could not decide something; everything else goes on (F-27). */
  readonly thrown?: string | undefined
  /** Additions to the details: one sentence for each local storage that is beyond its size (H-26), and the problems of DiagnosticsAgent (P-12). */
  readonly remarks: readonly string[]
}

export function firstState(memory: Memory, timers: Timers, agentIncarnation: string): GuestAgentState {
  return {
    ...memory,
    timers,
    agentIncarnation,
    latest: 0,
    // Until the first report of this agent has been answered; an earlier one may have said Ready.
    inRotation: true,
    heartbeatAt: 0,
    retryReportAt: 0,
    retryFetchAt: 0,
    retryKillAt: 0,
    retryClearAt: 0,
    retryReplaceAt: 0,
    measuredAt: 0,
    remarks: [],
  }
}

/** What is remembered of a state. */
export function memoryOf(state: GuestAgentState): Memory {
  const { prepared, drives, stack, process, failures, countedRoot, lastExit, readySince } = state
  return { prepared, drives, stack, process, failures, countedRoot, lastExit, readySince }
}

/** A guest in which nothing was ever started. */
export function emptyMemory(now: Instant): Memory {
  return {
    drives: { E: 'leftover', F: 'leftover' },
    stack: { kind: 'down', since: now, restart: false, retryAt: now },
    failures: 0,
  }
}

export function runsFor({ configuration }: Goal): Runs {
  const { root, softwareSha256, specification } = configuration
  return { root: { number: root, softwareSha256 }, certificates: JSON.stringify(specification.storedCertificates) }
}

/** Exits in a row: none any more when the role has been Ready for crashResetAfter (H-14). */
export function failuresNow({ failures, readySince, timers }: GuestAgentState, now: Instant): number {
  return readySince !== undefined && now >= readySince + timers.crashResetAfter ? 0 : failures
}
