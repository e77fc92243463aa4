import { List } from 'immutable'
import type { Committer } from '../../../kernel/commit.ts'
import type { MasterStore, StoreAnswer } from '../../../kernel/store.ts'
import { batchesOf } from './batches.ts'
import type { FabricState } from './state.ts'

/** One transaction of the store. */
type Transaction = (answered: (answer: StoreAnswer) => void) => void

/**
 * Makes every change since the last time durable, in order, the epoch first. Refused only when nothing of it is stored. When the store stops in the
 * middle, it has neither the old state nor the new one: `unknown` to this master.
 */
export function commitTo(store: MasterStore): Committer<FabricState> {
  return (state, ended) => {
    const { epoch } = state.facts
    const transactions: readonly Transaction[] = [
      ...(epoch > store.epoch() ? [(answered: Parameters<Transaction>[0]) => store.raise(epoch, answered)] : []),
      ...batchesOf(state.unsaved).map(
        (batch): Transaction =>
          (answered) =>
            store.commit(batch, answered),
      ),
    ]
    const goOn = (done: number): void => {
      const transaction = transactions[done]
      if (!transaction)
        return ended({ outcome: 'committed', state: done === 0 ? state : { ...state, unsaved: List() } })
      transaction((answer) => {
        if (answer.outcome === 'stored') goOn(done + 1)
        else if (done === 0 || answer.outcome !== 'refused') ended(answer)
        else ended({ outcome: 'unknown', reason: `A part of a change is stored. ${answer.reason}` })
      })
    }
    goOn(0)
  }
}
