import { List } from 'immutable'
import type { Store } from '../../kernel/store.ts'
import { batchesOf } from './batches.ts'
import type { FabricState } from './state.ts'

/** Makes every change since the last time durable, in order. Throws when the store cannot, or belongs to a newer master. */
export function commitTo(store: Store): (state: FabricState) => FabricState {
  return (state) => {
    if (state.unsaved.isEmpty()) return state
    for (const batch of batchesOf(state.unsaved)) store.commit(batch)
    return { ...state, unsaved: List() }
  }
}
