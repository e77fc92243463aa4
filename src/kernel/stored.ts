import type { StoreAnswer } from './store.ts'

/** Resolves when a transaction is stored; rejects with the store's sentence when it is not. */
export function stored(begin: (answered: (answer: StoreAnswer) => void) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    begin((answer) => (answer.outcome === 'stored' ? resolve() : reject(new Error(answer.reason)))),
  )
}
