import type { Step } from '../../kernel/agent.ts'
import { moved } from '../../kernel/instant.ts'
import type { Subject } from './action.ts'
import type { BalancerState } from './state.ts'

/** Members are given extra time for as long as this balancer could not hear them (H-37). */
export function lapsed(state: BalancerState, ms: number): Step<BalancerState, Subject> {
  const probes = [...state.probes].map(([key, probe]) => [key, moved(probe, ms, 'nextAt', 'goodAt', 'backAt')] as const)
  return {
    state: {
      ...moved(state, ms, 'reportNotBefore'),
      probes: new Map(probes),
      served: state.served && moved(state.served, ms, 'at'),
    },
    touched: ['rotation', 'report', ...probes.map(([key]): Subject => `probe ${key}`)],
  }
}
