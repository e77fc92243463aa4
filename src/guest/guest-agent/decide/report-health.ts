import type { Question } from '../action.ts'
import { healthOf } from '../health.ts'

/**
 * A change at once; heartbeats, one after the other, with what the host agent already has (H-3, H-4, wire-server.md 7). While a newer
 * goal is being fetched no heartbeat is sent: it would be answered at once. When it cannot be fetched they continue (F-27).
 */
export const reportHealth: Question = (state, now) => {
  const { goal, latest, timers, readySince, thrown } = state
  const health = healthOf(state, now)
  if (!health || !goal) return { actions: [] }
  const settles = readySince === undefined ? undefined : readySince + timers.crashResetAfter
  const wakeAt = settles !== undefined && settles > now && state.failures > 0 ? settles : undefined
  if (JSON.stringify(health) !== state.reported) {
    if (now < state.retryReportAt) return { actions: [], wakeAt: state.retryReportAt }
    return { actions: [{ kind: 'reportChange', key: 'change', reason: 'The health has changed.', health }], wakeAt }
  }
  const isFetching = goal.incarnation < latest && thrown === undefined && now >= state.retryFetchAt
  if (isFetching) return { actions: [], wakeAt }
  if (now < state.heartbeatAt) return { actions: [], wakeAt: Math.min(state.heartbeatAt, wakeAt ?? state.heartbeatAt) }
  const { incarnation: inHand } = goal
  const waitMs = timers.heartbeatInterval
  return {
    actions: [{ kind: 'heartbeat', key: 'heartbeat', reason: 'A heartbeat is due.', health, waitMs, inHand }],
    wakeAt,
  }
}
