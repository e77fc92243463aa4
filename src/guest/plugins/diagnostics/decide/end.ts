import type { Decision } from '../../../../kernel/agent.ts'
import type { Instant } from '../../../../kernel/instant.ts'
import type { DiagnosticsAction } from '../action.ts'
import { isCollected, periodOf } from '../plan.ts'
import { type BufferName, bufferNames, type DiagnosticsState, nextRow } from '../state.ts'

/** The end that it was asked for, once every buffer has been collected and transferred a last time, or cannot be. */
export function end(state: DiagnosticsState, now: Instant): Decision<DiagnosticsAction> {
  if (!state.ending || !bufferNames.every((name) => isDone(state, name, now))) return { actions: [] }
  return { actions: [{ kind: 'end', key: 'end', reason: 'The role has stopped, and nothing waits any more.' }] }
}

function isDone(state: DiagnosticsState, name: BufferName, now: Instant): boolean {
  const buffer = state.buffers[name]
  if (buffer.failure && buffer.failure.retryAt > now) return true
  if (isCollected(state, name) && buffer.collectAt <= now) return false
  const isTransferred = periodOf(state, name) !== undefined && state.account.kind === 'account'
  return !isTransferred || buffer.sent >= nextRow(buffer)
}
