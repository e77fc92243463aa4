import type { MessageOf } from '../message.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** A question for a host travels with its goal. */
export function receiveAsk(state: FabricState, { host, ask }: MessageOf<'ask'>): ControllerStep {
  const asks = state.observed.asks.update(host, [], (pending) => [...pending, ask])
  return { state: renewGoals(observe(state, { asks }), [host]), touched: [] }
}

/** Removes the question from the goal without a new version: a host that has it will not answer twice. */
export function receiveAskEnded(state: FabricState, { host, id }: MessageOf<'askEnded'>): ControllerStep {
  const left = (state.observed.asks.get(host) ?? []).filter((ask) => ask.id !== id)
  const asks = left.length === 0 ? state.observed.asks.delete(host) : state.observed.asks.set(host, left)
  return { state: observe(state, { asks }), touched: [] }
}
