import type { Instant } from '../../kernel/instant.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { LeaseTable } from '../../role/contract/leases.ts'
import type { Planning, RolePlan } from '../../service-model/role-plan.ts'
import type { Children } from './children.ts'
import { type BootstrapperExit, type BootstrapperGoal, type BootstrapperReport, startFailedCode } from './protocol.ts'

/**
 * Where the start of the role stands:
 *
 *     tasks ─▶ starting ─▶ connecting ─▶ onStart ─▶ running      a module in WaWorkerHost
 *                    └──────────────────────────────▶ running      a program
 *     any   ─▶ stopping ─▶ ending                                  a stop that was asked for
 *     any   ─▶ ending                                              a failure
 */
export type Stage =
  | {
      readonly kind: 'tasks'
      readonly next: number
      /** Since when it is that one's turn. */
      readonly since: Instant
      /** It has taken so long that its name is shown to those who wait (S-25). */
      readonly isLong?: boolean
    }
  | { readonly kind: 'starting' | 'connecting'; readonly since: Instant }
  | { readonly kind: 'onStart'; readonly since: Instant; readonly asked: boolean }
  | { readonly kind: 'running'; readonly since: Instant; readonly asked: boolean }
  | {
      readonly kind: 'stopping'
      readonly since: Instant
      readonly deadline: Instant
      readonly told: boolean
      /** Own clients that have connected since then, and must receive it too. */
      readonly untold?: readonly string[] | undefined
      /** When SIGTERM was sent to the program. */
      readonly terminatedAt?: Instant | undefined
    }
  | { readonly kind: 'ending'; readonly since: Instant; readonly exit: BootstrapperExit }

/** A process of the role that holds a connection. Clients of the published protocol name themselves only in their leases. */
export interface Client {
  readonly protocol: 'published' | 'own'
  /** The process that holds the entry point. */
  readonly host: boolean
  readonly stopped: boolean
}

/** A change of the role environment on its way through the processes of the role (U-47). */
export interface Change {
  readonly goalIncarnation: number
  readonly runtimeIncarnation: number
  readonly since: Instant
  readonly step: 'changing' | 'changed'
  readonly told: boolean
  /** Own clients that have not answered this step. */
  readonly waitingFor: readonly string[]
  /** Holders of leases that have not acquired them again, and how many have (role-runtime.md 6, rule 7). */
  readonly leaseHolders: readonly string[]
  readonly acquiredAgain: number
}

/** The newest StatusCheck (H-32). */
export interface StatusCheck {
  readonly id: number
  readonly at: Instant
  readonly waitingFor: readonly string[]
  /** Lasts until the next check has been answered. */
  readonly busy: boolean
  /** Someone has answered this check with Busy. */
  readonly heardBusy: boolean
  /** Nobody answered in time: the host process is taken to be busy (H-10). */
  readonly hung: boolean
}

export interface BootstrapperState {
  readonly timers: Timers
  readonly plan: RolePlan
  readonly goal: BootstrapperGoal
  readonly stage: Stage
  /** Since when the report has had its status and its sentence (T-6). */
  readonly saidSince: Instant
  readonly children: Children
  /** A program that is not ready on start has reported that it is (S-37). */
  readonly saidReady: boolean
  /** Incarnation sent to the clients: rises only when what they receive changes (role-runtime.md 4.2, rule 7). */
  readonly runtimeIncarnation: number
  readonly acceptedIncarnation: number
  readonly change?: Change | undefined
  readonly check?: StatusCheck | undefined
  readonly clients: Readonly<Record<string, Client>>
  readonly leases: LeaseTable
  readonly recycle?: BootstrapperReport['recycle']
  /** How the program ended whose end is a return of Run. */
  readonly programCode?: number | undefined
  /** What was thrown where something could not be decided; the role runs on (F-27). */
  readonly thrown?: string | undefined
  /** Variables of the program without a value, a clause each: a failure may come of them (2.14 of service-model.md). */
  readonly unset?: readonly string[] | undefined
  /** The error of the entry point, reported before its process ends. */
  readonly failure?: string | undefined
}

/** A role that cannot be run at all ends before it begins. */
export function firstState(
  planning: Planning,
  goal: BootstrapperGoal,
  timers: Timers,
  now: Instant,
): BootstrapperState {
  return {
    timers,
    plan: planning.ok ? planning.plan : nothingToRun,
    goal,
    stage: planning.ok
      ? firstStage(planning.plan, now)
      : { kind: 'ending', since: now, exit: refusal(planning.refusal, now) },
    saidSince: now,
    saidReady: false,
    runtimeIncarnation: 1,
    acceptedIncarnation: goal.incarnation,
    children: {},
    clients: {},
    leases: {},
  }
}

const nothingToRun: RolePlan = {
  tasks: [],
  host: { kind: 'module', module: '', process: 'WaWorkerHost' },
  variables: [],
  flavour: 'stream',
}

function firstStage(plan: RolePlan, since: Instant): Stage {
  return plan.tasks.length > 0 ? { kind: 'tasks', next: 0, since } : { kind: 'starting', since }
}

function refusal(activity: string, at: Instant): BootstrapperExit {
  return { why: 'failed', code: startFailedCode, at, activity }
}

/**
 * How many clients of the published protocol can receive a goal: those that follow it over a connection. Readers of files are not
 * seen, so there every holder of a lease counts. A lease whose client has ended, or never follows, delays nothing.
 */
export function publishedListeners({ plan, clients, leases }: BootstrapperState): number {
  if (plan.flavour === 'file') return Object.keys(leases).length
  return Object.values(clients).filter(({ protocol, stopped }) => protocol === 'published' && !stopped).length
}

/** Connections of processes that speak `reddog-1`. */
export function ownClients(state: BootstrapperState): readonly string[] {
  return Object.keys(state.clients).filter((id) => state.clients[id]?.protocol === 'own')
}
