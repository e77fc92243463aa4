import type { BufferQuestion } from '../action.ts'
import { periodOf } from '../plan.ts'
import { nextRow } from '../state.ts'

/** Rows that are not transferred yet, each period once: those that there are when it begins (P-14); at the end at once. */
export const transfer: BufferQuestion = (state, buffer, now) => {
  const { sent, transferredAt, until = nextRow(state.buffers[buffer]), failure } = state.buffers[buffer]
  const retryAt = failure?.of === 'transfer' ? failure.retryAt : undefined
  const period = periodOf(state, buffer)
  if (period === undefined || state.account.kind === 'none') return { actions: [] }
  const begun = state.buffers[buffer].until !== undefined
  const dueAt = retryAt ?? (begun || state.ending ? now : transferredAt + period)
  if (now < dueAt) return { actions: [], wakeAt: dueAt }
  // Without rows only new rows can cause a transfer: adding them touches the buffer.
  if (sent >= until) return { actions: [] }
  const reason = `Rows ${sent} to ${until - 1} are due.`
  return { actions: [{ kind: 'transfer', key: `transfer ${buffer}`, reason, buffer, from: sent, until }] }
}
