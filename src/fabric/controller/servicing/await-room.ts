import type { ResolutionOf } from '../action.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** The instances are not tried again until there is more room. */
export function awaitRoom(state: FabricState, { deployment: id, room }: ResolutionOf<'awaitRoom'>): ControllerStep {
  return { state: observe(state, { unmoved: state.observed.unmoved.set(id, room) }), touched: [] }
}
