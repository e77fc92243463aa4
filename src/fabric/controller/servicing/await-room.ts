import type { ResolutionOf } from '../action.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** Nobody tries to place the instances again before there is more room than there was. */
export function awaitRoom(state: FabricState, { deployment: id, room }: ResolutionOf<'awaitRoom'>): ControllerStep {
  return { state: observe(state, { unmoved: state.observed.unmoved.set(id, room) }), touched: [] }
}
