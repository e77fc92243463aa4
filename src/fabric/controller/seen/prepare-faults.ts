import type { Instant } from '../../../kernel/instant.ts'
import { noteInstance } from '../history/events.ts'
import type { FabricState } from '../state/state.ts'

/** Records which of these instances cannot prepare their next role root, whenever the cause changes. */
export function notePrepareFaults(
  before: FabricState,
  after: FabricState,
  keys: readonly string[],
  now: Instant,
): FabricState {
  let state = after
  for (const key of keys) {
    const instance = after.stored.instance.get(key)
    const fault = after.observed.reports.get(key)?.prepareFault
    if (!instance || fault === undefined || fault === before.observed.reports.get(key)?.prepareFault) continue
    state = noteInstance(state, now, instance, 'PrepareFails', fault)
  }
  return state
}
