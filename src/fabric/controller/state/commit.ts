import { List } from 'immutable'
import type { MasterStore } from '../../../kernel/store.ts'
import { batchesOf } from './batches.ts'
import type { FabricState } from './state.ts'

/** Makes every change since the last time durable, in order, the epoch first. Throws when the store cannot, or belongs to a newer master. */
export function commitTo(store: MasterStore): (state: FabricState) => FabricState {
  return (state) => {
    if (state.facts.epoch > store.epoch()) store.raise(state.facts.epoch)
    if (state.unsaved.isEmpty()) return state
    for (const batch of batchesOf(state.unsaved)) store.commit(batch)
    return { ...state, unsaved: List() }
  }
}
