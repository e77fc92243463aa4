import type { Instant } from '../../kernel/instant.ts'
import { liveLeases, nextExpiry, wishOf } from '../../role/contract/leases.ts'
import { childrenAtStop } from './children.ts'
import { startFailedCode } from './protocol.ts'
import { type BootstrapperState, type Change, ownClients, publishedListeners } from './state.ts'

/** How long a change waits for the processes of the role (role-runtime.md 6, rule 7). */
export const acceptanceLimitMs = 30_000

/** How long a program that has reported Stopped may take to end after SIGTERM; by then it has had its whole OnStop. */
export const terminateGraceMs = 5_000

/** What follows from the time or from the last event. Running it twice changes nothing. */
export function advance(before: BootstrapperState, now: Instant): BootstrapperState {
  return [expireLeases, heedRecycle, noticeLongTask, passChangeOn, noticeHungHost, giveUpStopping].reduce(
    (state, step) => step(state, now),
    before,
  )
}

/** When `advance` will have something to do although nothing happens. */
export function nextMoment(state: BootstrapperState): Instant | undefined {
  const { timers, stage, change, check } = state
  const moments = [
    nextExpiry(state.leases),
    change?.told ? change.since + acceptanceLimitMs : undefined,
    check && check.waitingFor.length > 0 && !check.hung ? check.at + timers.statusCheckTimeout : undefined,
    stage.kind === 'stopping' ? stopLimit(state) : undefined,
    stage.kind === 'tasks' && !stage.isLong ? stage.since + timers.longTaskAfter : undefined,
  ].filter((moment) => moment !== undefined)
  return moments.length > 0 ? Math.min(...moments) : undefined
}

/** Ends the start or the role for a failure; the guest agent starts the stack again (S-24, S-36, H-13). */
export function failed(
  state: BootstrapperState,
  activity: string,
  now: Instant,
  { code = startFailedCode, taskError }: { code?: number; taskError?: { command: string; exitCode: number } } = {},
): BootstrapperState {
  if (state.stage.kind === 'ending') return state
  return {
    ...state,
    stage: {
      kind: 'ending',
      since: now,
      exit: { why: 'failed', code, at: now, activity: withUnset(state, activity), taskError },
    },
  }
}

/** The event, followed by the variables that had no value: they may be its cause (2.14 of service-model.md). */
export function withUnset({ unset = [] }: BootstrapperState, activity: string): string {
  return [activity, ...unset].join('. ')
}

/** Ends a stop. */
export function stopped(state: BootstrapperState, now: Instant): BootstrapperState {
  const code = state.programCode ?? 0
  const activity = state.recycle?.returned ? withUnset(state, 'Run has returned') : ''
  return { ...state, stage: { kind: 'ending', since: now, exit: { why: 'stopped', code, at: now, activity } } }
}

function expireLeases(state: BootstrapperState, now: Instant): BootstrapperState {
  const leases = liveLeases(state.leases, now)
  return Object.keys(leases).length === Object.keys(state.leases).length ? state : { ...state, leases }
}

function heedRecycle(state: BootstrapperState, now: Instant): BootstrapperState {
  if (state.recycle || state.stage.kind !== 'running' || wishOf(state.leases, now) !== 'Recycle') return state
  return { ...state, recycle: { reason: 'The role asked to be recycled.', returned: false } }
}

/** A task has no time limit, but one that seems never to end is named (S-25). */
function noticeLongTask(state: BootstrapperState, now: Instant): BootstrapperState {
  const { stage, timers } = state
  if (stage.kind !== 'tasks' || stage.isLong || now < stage.since + timers.longTaskAfter) return state
  return { ...state, stage: { ...stage, isLong: true } }
}

/** Changing, then Changed once nobody has cancelled, then accepted; a process that does not answer delays that no longer than the limit. */
function passChangeOn(state: BootstrapperState, now: Instant): BootstrapperState {
  const { change } = state
  if (!change?.told) return state
  const late = now >= change.since + acceptanceLimitMs
  if (change.waitingFor.length > 0 && !late) return state
  if (change.step === 'changing')
    return { ...state, change: { ...change, step: 'changed', told: false, waitingFor: ownClients(state) } }
  if (leasesAreAwaited(state, change) && !late) return state
  return { ...state, change: undefined, acceptedIncarnation: change.goalIncarnation }
}

/** Whether a client that receives the change has not yet acquired its lease under it. */
function leasesAreAwaited(state: BootstrapperState, { leaseHolders, acquiredAgain }: Change): boolean {
  return leaseHolders.some((id) => state.leases[id]) && acquiredAgain < publishedListeners(state)
}

/** A host process that does not answer is taken to be busy, and never killed for it (H-10). */
function noticeHungHost(state: BootstrapperState, now: Instant): BootstrapperState {
  const { check } = state
  if (!check || check.hung || check.waitingFor.length === 0) return state
  return now >= check.at + state.timers.statusCheckTimeout ? { ...state, check: { ...check, hung: true } } : state
}

function giveUpStopping(state: BootstrapperState, now: Instant): BootstrapperState {
  return state.stage.kind === 'stopping' && now >= stopLimit(state) ? stopped(state, now) : state
}

/** The deadline; sooner for a program that has reported Stopped and still runs (H-29). */
function stopLimit({ stage, clients, children }: BootstrapperState): Instant {
  if (stage.kind !== 'stopping') return Number.POSITIVE_INFINITY
  const cooperative = Object.keys(clients).length > 0
  const awaited = childrenAtStop(children, 'awaited').length > 0
  return stage.terminatedAt !== undefined && cooperative && !awaited
    ? Math.min(stage.deadline, stage.terminatedAt + terminateGraceMs)
    : stage.deadline
}
