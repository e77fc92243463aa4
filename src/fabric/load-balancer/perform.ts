import type { Clock } from '../../machine/facilities.ts'
import type { DataPlane, Look } from '../contract/data-plane.ts'
import type { RotationReport, RotationTable } from '../contract/rotation.ts'
import type { BalancerAction, Outcome } from './action.ts'

/** What the balancer acts on. */
export interface Effects {
  readonly plane: DataPlane
  readonly look: Look
  /** Writes the copy that is served after a restart; what goes wrong is logged, and the copy stays as it was. */
  readonly save: (table: RotationTable) => void
  /** False when no controller took it. */
  report(report: RotationReport): Promise<boolean>
  readonly clock: Clock
}

/** The table from an action's kind to its effect. */
export function performWith(effects: Effects): (action: BalancerAction) => Promise<Outcome> {
  return async (action) => {
    switch (action.kind) {
      case 'serve':
        return { kind: 'serve', served: await effects.plane.serve(action.endpoints) }
      case 'save':
        effects.save(action.table)
        return { kind: 'save' }
      case 'look':
        return {
          kind: 'look',
          outcome: await effects.look(action.probe, action.limitMs),
          at: effects.clock.now(),
        }
      case 'report':
        return { kind: 'report', accepted: await effects.report(action.report) }
    }
  }
}
