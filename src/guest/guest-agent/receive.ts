import type { Instant } from '../../kernel/instant.ts'
import type { BootstrapperExit, BootstrapperReport } from '../bootstrapper/protocol.ts'
import { retryAt } from './retry.ts'
import { sameRoot } from './role-roots.ts'
import { failuresNow, type GuestAgentState, runsFor } from './state.ts'

export type GuestMessage =
  | { readonly kind: 'report'; readonly report: BootstrapperReport }
  /** Nothing of the host stack is left. */
  | { readonly kind: 'ended'; readonly exit: BootstrapperExit }

export function fold(state: GuestAgentState, message: GuestMessage, now: Instant): GuestAgentState {
  return message.kind === 'report' ? receiveReport(state, message.report, now) : stackEnded(state, message.exit, now)
}

function receiveReport(state: GuestAgentState, report: BootstrapperReport, now: Instant): GuestAgentState {
  if (state.stack.kind !== 'up') return state
  const readySince = report.status === 'Ready' ? (state.readySince ?? now) : undefined
  return { ...state, failures: failuresNow(state, now), readySince, stack: { ...state.stack, report } }
}

/**
 * An end without a request is a failure, and so is a Run that returned before the role had settled (H-13, H-31). After enough
 * time in Ready, earlier failures no longer count (H-14). Failures of a former role root do not count for the new one.
 */
function stackEnded(state: GuestAgentState, exit: BootstrapperExit, now: Instant): GuestAgentState {
  const { stack, goal, timers, readySince } = state
  const asked = stack.kind === 'stopping'
  const readyUntil = asked ? stack.since : now
  const settled = readySince !== undefined && readyUntil >= readySince + timers.crashResetAfter
  const former = stack.kind !== 'down' && goal && !sameRoot(stack.runs.root, runsFor(goal).root)
  const failed = !former && (!asked || (stack.why === 'returned' && !settled))
  const failures = failed ? (settled ? 0 : state.failures) + 1 : 0
  return {
    ...state,
    process: undefined,
    failures,
    lastExit: failed ? exit : undefined,
    readySince: undefined,
    stack: {
      kind: 'down',
      since: now,
      restart: asked && stack.why !== 'goal' && stack.why !== 'root',
      retryAt: failed ? retryAt(timers, failures, now) : now,
    },
  }
}
