import type { Store, StoreAnswer, Write } from '../../src/kernel/store.ts'

/** Commits a batch; resolves with the store's answer. */
export function committed(store: Store, ...batch: readonly Write[]): Promise<StoreAnswer> {
  return new Promise((resolve) => store.commit(batch, resolve))
}

export const stored: StoreAnswer = { outcome: 'stored' }
