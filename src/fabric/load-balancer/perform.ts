import type { BalancerAction, Outcome } from './action.ts'
import type { BalancerFacilities } from './facilities.ts'

/** The table from an action's kind to its effect. */
export function performWith(facilities: BalancerFacilities): (action: BalancerAction) => Promise<Outcome> {
  return async (action) => {
    switch (action.kind) {
      case 'serve':
        return { kind: 'serve', served: await facilities.plane.serve(action.endpoints) }
      case 'save':
        facilities.save(action.table)
        return { kind: 'save' }
      case 'look':
        return {
          kind: 'look',
          outcome: await facilities.look(action.probe, action.limitMs),
          at: facilities.clock.now(),
        }
      case 'report':
        return { kind: 'report', accepted: await facilities.report(action.report) }
    }
  }
}
