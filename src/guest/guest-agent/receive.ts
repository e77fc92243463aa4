import type { Instant } from '../../kernel/instant.ts'
import type { BootstrapperExit, BootstrapperReport } from '../bootstrapper/protocol.ts'
import { failuresNow, type GuestAgentState } from './state.ts'

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
 * An end that was not asked for is a failure, and so is a Run that returned before the role had settled (H-13, H-31).
 * Having been Ready for long enough takes all that was before off the count (H-14).
 */
function stackEnded(state: GuestAgentState, exit: BootstrapperExit, now: Instant): GuestAgentState {
  const { stack, timers, readySince } = state
  const asked = stack.kind === 'stopping'
  const readyUntil = asked ? stack.since : now
  const settled = readySince !== undefined && readyUntil >= readySince + timers.crashResetAfter
  const failed = !asked || (stack.why === 'returned' && !settled)
  const failures = failed ? (settled ? 0 : state.failures) + 1 : 0
  const delays = timers.recycleDelays
  const delay = failed ? (delays[Math.min(failures, delays.length) - 1] ?? 0) : 0
  return {
    ...state,
    process: undefined,
    failures,
    lastExit: failed ? exit : undefined,
    readySince: undefined,
    stack: { kind: 'down', since: now, restart: asked && stack.why !== 'goal', retryAt: now + delay },
  }
}
