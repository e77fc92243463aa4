import type { ResolutionOf } from '../action.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** The instances take new work again: their stop was cancelled. */
export function takeBack(state: FabricState, { deployment, instances }: ResolutionOf<'takeBack'>): ControllerStep {
  const leaving = state.observed.leaving.deleteAll(instances)
  return { state: observe(state, { leaving }), touched: [deploymentSubject(deployment)] }
}
