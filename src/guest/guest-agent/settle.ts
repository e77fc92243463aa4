import type { Instant } from '../../kernel/instant.ts'
import type { RootLetter } from '../contract/guest-paths.ts'
import type { GuestAction } from './action.ts'
import { stopping } from './advance.ts'
import type { RoleRoot } from './drives.ts'
import { sameRoot } from './role-roots.ts'
import type { Goal, GuestAgentState, Prepared } from './state.ts'

export type GuestOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'fetched'; readonly goal: Goal }
  /** The host agent has taken a report; it names the newest incarnation. */
  | { readonly kind: 'answered'; readonly latest: number; readonly begun: Instant }
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'started'; readonly process: unknown }
  | { readonly kind: 'measured'; readonly remarks: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string }

/** How long what has failed, or has shown no effect yet, is not repeated: a request to the host agent, a kill, a clearing. */
const retryMs = 1_000

export function applyOutcome(
  state: GuestAgentState,
  action: GuestAction,
  outcome: GuestOutcome,
  now: Instant,
): GuestAgentState {
  switch (action.kind) {
    case 'fetchGoal':
      return outcome.kind === 'fetched' ? withGoal(state, outcome.goal, now) : { ...state, retryFetchAt: now + retryMs }
    case 'reportChange':
      return reported(state, action, outcome, now)
    case 'heartbeat':
      return heartbeatEnded(state, action, outcome, now)
    case 'prepare':
      return prepareEnded(state, outcome, now)
    case 'unpack':
      return unpackEnded(state, action, outcome, now)
    case 'clear':
      return outcome.kind === 'failed'
        ? { ...state, retryClearAt: now + retryMs }
        : withDrive(state, action.letter, undefined)
    case 'start':
      return startEnded(state, action, outcome, now)
    case 'tell':
      return told(state, action)
    case 'measure':
      return outcome.kind === 'measured'
        ? { ...state, measuredAt: now, remarks: outcome.remarks }
        : { ...state, measuredAt: now }
    // Neither shows its effect in the outcome: the process ends later, or this one does.
    case 'kill':
      return { ...state, retryKillAt: now + retryMs }
    case 'replaceAgent':
      return { ...state, retryReplaceAt: now + retryMs }
  }
}

/** An older incarnation is ignored; the newest known never falls. A new role root begins without failures and their delay. */
function withGoal(state: GuestAgentState, goal: Goal, now: Instant): GuestAgentState {
  if (state.goal && goal.incarnation < state.goal.incarnation) return state
  const next = { ...state, goal, latest: Math.max(state.latest, goal.incarnation), unprepared: undefined }
  const { root } = goal.configuration
  if (root === state.countedRoot) return next
  const stack = state.stack.kind === 'down' ? { ...state.stack, retryAt: now } : state.stack
  return { ...next, stack, countedRoot: root, failures: 0, lastExit: undefined }
}

/** The answer to the report that left Ready, or nobody there to give it, lets the stop go on (wire-server.md 7). */
function reported(
  state: GuestAgentState,
  { health }: GuestAction & { kind: 'reportChange' },
  outcome: GuestOutcome,
  now: Instant,
): GuestAgentState {
  const heard =
    outcome.kind === 'answered'
      ? {
          ...state,
          reported: JSON.stringify(health),
          inRotation: health.state === 'Ready',
          latest: Math.max(state.latest, outcome.latest),
        }
      : { ...state, retryReportAt: now + retryMs }
  return state.stack.kind === 'leaving' && health.state !== 'Ready' ? stopping(heard, now, state.stack.why) : heard
}

/**
 * The next heartbeat is due an interval after this one began; at once when this one was answered because of a new incarnation. A clock that was set back
 * meanwhile puts the beginning into the future, in which nobody would hear of this guest (H-37).
 */
function heartbeatEnded(
  state: GuestAgentState,
  { inHand }: GuestAction & { kind: 'heartbeat' },
  outcome: GuestOutcome,
  now: Instant,
): GuestAgentState {
  if (outcome.kind !== 'answered') return { ...state, heartbeatAt: now + retryMs }
  const news = outcome.latest > inHand && outcome.latest > state.latest
  const heartbeatAt = news ? now : Math.min(outcome.begun, now) + state.timers.heartbeatInterval
  return { ...state, heartbeatAt, latest: Math.max(state.latest, outcome.latest) }
}

function prepareEnded(state: GuestAgentState, outcome: GuestOutcome, now: Instant): GuestAgentState {
  if (outcome.kind === 'prepared') return { ...state, prepared: outcome.prepared, unprepared: undefined }
  if (outcome.kind !== 'failed') return state
  return { ...state, unprepared: { times: (state.unprepared?.times ?? 0) + 1, message: outcome.message, at: now } }
}

function unpackEnded(
  state: GuestAgentState,
  { wanted: { root, letter } }: GuestAction & { kind: 'unpack' },
  outcome: GuestOutcome,
  now: Instant,
): GuestAgentState {
  if (outcome.kind !== 'failed') return { ...withDrive(state, letter, root), rootFault: undefined }
  const before = state.rootFault && sameRoot(state.rootFault.root, root) ? state.rootFault.times : 0
  return { ...state, rootFault: { root, times: before + 1, message: outcome.message, at: now } }
}

function withDrive(state: GuestAgentState, letter: RootLetter, held: RoleRoot | undefined): GuestAgentState {
  return { ...state, drives: { ...state.drives, [letter]: held } }
}

function startEnded(
  state: GuestAgentState,
  { prepared, runs }: GuestAction & { kind: 'start' },
  outcome: GuestOutcome,
  now: Instant,
): GuestAgentState {
  if (outcome.kind === 'failed')
    return {
      ...state,
      unprepared: { times: (state.unprepared?.times ?? 0) + 1, message: outcome.message, at: now },
      // Set up anew before the next attempt; the documents go on counting.
      prepared: { ...prepared, incarnation: 0 },
    }
  if (outcome.kind !== 'started' || state.stack.kind !== 'down') return state
  return {
    ...state,
    process: outcome.process,
    stack: { kind: 'up', since: now, runs, told: prepared.incarnation },
  }
}

function told(state: GuestAgentState, { goal }: GuestAction & { kind: 'tell' }): GuestAgentState {
  const { stack } = state
  if (stack.kind === 'stopping' && goal.state === 'Stopped') return { ...state, stack: { ...stack, told: true } }
  return stack.kind === 'up' ? { ...state, stack: { ...stack, told: goal.incarnation } } : state
}
