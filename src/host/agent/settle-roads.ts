import type { Instant } from '../../kernel/instant.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { retryAt } from './retry.ts'
import type { HostState } from './state.ts'

/** After an attempt at the roads: what is wrong with them is looked at again, later and later. */
export function settleRoads(
  state: HostState,
  { wanted }: Extract<HostAction, { kind: 'layRoads' }>,
  outcome: HostOutcome,
  now: Instant,
): HostState {
  const troubles = outcome.kind === 'failed' ? [outcome.fault.message] : outcome.kind === 'laid' ? outcome.troubles : []
  if (troubles.length === 0) return { ...state, roads: { laid: wanted, troubles, failures: 0 } }
  const failures = state.roads.failures + 1
  const again = retryAt(state.configuration.timers, failures, now)
  return { ...state, roads: { laid: wanted, troubles, failures, retryAt: again } }
}
