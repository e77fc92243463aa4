import type { Instant } from '../../kernel/instant.ts'
import { wantsRole } from './health.ts'
import { goalRoot, isInUse, sameRoot, stands, withLeftovers } from './role-roots.ts'
import { type Goal, type GuestAgentState, runsFor, type StopReason } from './state.ts'

/**
 * What follows from the state: a role root that is no longer wanted is a leftover, a stack that must stop begins to. Running it
 * twice changes nothing.
 */
export function advance(before: GuestAgentState, now: Instant): GuestAgentState {
  const state = withLeftovers(before)
  const { stack, goal } = state
  if (stack.kind !== 'up') return state
  const why = stopReason(state)
  if (why === undefined) return state
  const { runs } = stack
  // An agent that has just begun cannot report yet: it waits for its first goal, but only until the host agent has failed to send one.
  if (!goal && state.retryFetchAt === 0) return state
  // Only an instance in rotation has to leave it first; an instance that has just lost Ready may still be in it.
  return goal && (stack.report?.status === 'Ready' || state.inRotation)
    ? { ...state, stack: { kind: 'leaving', since: now, runs, why } }
    : stopping(state, now, why)
}

/** From leaving, or at once, to the stop itself. */
export function stopping(state: GuestAgentState, now: Instant, why: StopReason): GuestAgentState {
  const { stack, goal, timers } = state
  if (stack.kind !== 'up' && stack.kind !== 'leaving') return state
  const deadline = now + (goal?.stopRolesDeadlineHintMs ?? timers.onStopLimit)
  return { ...state, stack: { kind: 'stopping', since: now, runs: stack.runs, why, deadline, told: false } }
}

/** Why the running stack must stop (H-18). */
function stopReason(state: GuestAgentState): StopReason | undefined {
  const { stack, goal, prepared, agentIncarnation } = state
  if (stack.kind !== 'up') return undefined
  if (stack.report?.recycle) return stack.report.recycle.returned ? 'returned' : 'recycle'
  if (!goal) return undefined
  if (!wantsRole(goal)) return 'goal'
  if (goal.agentPackage && goal.agentPackage.incarnation !== agentIncarnation) return 'agentUpdate'
  if (prepared?.incarnation !== goal.incarnation) return undefined
  const wanted = runsFor(goal)
  if (!sameRoot(wanted.root, stack.runs.root)) return mayMove(state, goal) ? 'root' : undefined
  return wanted.certificates === stack.runs.certificates ? undefined : 'certificate'
}

/** The role stops for a new root when that stands (design.md 9.8), or when only the stop makes room, both having one letter. */
function mayMove({ drives, stack }: GuestAgentState, goal: Goal): boolean {
  const wanted = goalRoot(goal)
  return stands(drives, wanted) || isInUse(stack, wanted.letter)
}
