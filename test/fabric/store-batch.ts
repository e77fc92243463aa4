import assert from 'node:assert/strict'
import type { Store, Write } from '../../src/kernel/store.ts'

/** Commits one batch to a store that answers at once, and asserts that it is stored. */
export function storeBatch(store: Store, ...batch: readonly Write[]): void {
  let outcome: string | undefined
  store.commit(batch, (answer) => {
    outcome = answer.outcome
  })
  assert.equal(outcome, 'stored')
}
