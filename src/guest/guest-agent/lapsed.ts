import { moved } from '../../kernel/instant.ts'
import type { GuestAgentState, Stack } from './state.ts'

/** Moves this agent's waits and next actions by the time in which it did not run, or by which the clock was set (H-37). */
export function lapsed(state: GuestAgentState, ms: number): GuestAgentState {
  const { stack, rootFault, unprepared } = state
  return {
    ...moved(
      state,
      ms,
      'readySince',
      'heartbeatAt',
      'retryReportAt',
      'retryFetchAt',
      'retryKillAt',
      'retryClearAt',
      'retryReplaceAt',
      'measuredAt',
    ),
    stack: stackAfter(stack, ms),
    rootFault: rootFault && moved(rootFault, ms, 'at'),
    unprepared: unprepared && moved(unprepared, ms, 'at'),
  }
}

function stackAfter(stack: Stack, ms: number): Stack {
  if (stack.kind === 'down') return moved(stack, ms, 'since', 'retryAt')
  return stack.kind === 'stopping' ? moved(stack, ms, 'since', 'deadline') : moved(stack, ms, 'since')
}
