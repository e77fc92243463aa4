import type { ActionOf } from '../action.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** Nobody tries to place the instances again before there is more room than there was. */
export function settleAwaitRoom(state: FabricState, { deployment: id, room }: ActionOf<'awaitRoom'>): ControllerStep {
  if (!state.stored.deployment.has(id)) return { state, touched: [] }
  return { state: observe(state, { unmoved: state.observed.unmoved.set(id, room) }), touched: [] }
}
