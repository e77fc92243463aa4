import type { Instant } from '../../../kernel/instant.ts'
import { noteInstance } from '../history/events.ts'
import type { FabricState } from '../state/state.ts'
import { statusOf } from './status.ts'

/** Records every change of status between two states, with time, cause and details (T-2). */
export function noteTransitions(
  before: FabricState,
  after: FabricState,
  keys: Iterable<string>,
  now: Instant,
): FabricState {
  let state = after
  for (const key of keys) {
    const instance = after.stored.instance.get(key)
    if (!instance) continue
    const former = before.stored.instance.get(key)
    const from = former && statusOf(before, former)
    const to = statusOf(after, instance)
    if (from?.status === to.status && from.details === to.details) continue
    const change = from?.status === to.status ? to.status : `${from?.status ?? 'new'} → ${to.status}`
    state = noteInstance(state, now, instance, to.status, to.details === '' ? change : `${change}: ${to.details}`)
  }
  return state
}
