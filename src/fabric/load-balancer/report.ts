import type { Instant } from '../../kernel/instant.ts'
import type { RotationReport } from '../contract/rotation.ts'
import { probedOut } from './in-force.ts'
import type { BalancerState } from './state.ts'

/**
 * What the controller may rely on; undefined before anything is served. An instance has drained when it drains in the table in force, so it gets
 * nothing new, and has nothing in flight.
 */
export function reportOf(state: BalancerState, now: Instant): RotationReport | undefined {
  const { table, served, busy } = state
  if (!table || !served) return undefined
  return {
    balancer: state.balancer,
    acknowledged: served.version,
    drained: served.draining.filter((instance) => !busy.has(instance)),
    boundPorts: served.boundPorts,
    probedOut: probedOut(table, state.probes, now),
    failed: { ...served.failed, ...table.unreadable },
  }
}
