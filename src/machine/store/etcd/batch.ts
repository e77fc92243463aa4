import type { StoreAnswer } from '../../../kernel/store.ts'
import { keys } from './keys.ts'
import type { Change, Transacted, Transaction } from './transaction.ts'

/** All that is sent of a batch, each time the same. */
export interface Batch {
  readonly epoch: number
  /** Mark of the batch before. */
  readonly after: string
  readonly mark: string
  readonly changes: readonly Change[]
}

/** A batch is marked with the epoch under which it was sent, so no two masters have the same mark. */
export function markOf(epoch: number, number: number): string {
  return `${epoch}.${number}`
}

/** It compares the batch before, so that an earlier attempt which comes late changes nothing. */
export function transactionOf({ epoch, after, mark, changes }: Batch): Transaction {
  return {
    compare: [
      { key: keys.epoch, value: String(epoch) },
      { key: keys.batch, value: after },
    ],
    changes: [...changes, { key: keys.batch, value: mark }],
    asked: [keys.epoch, keys.batch],
  }
}

/**
 * When the comparison failed, an earlier attempt is stored, or a newer master has the store. `isCertain`: there was no attempt that may have been
 * stored before that master came.
 */
export function outcomeOf(
  { epoch, mark }: Batch,
  { succeeded, found }: Pick<Transacted, 'succeeded' | 'found'>,
  isCertain: boolean,
): StoreAnswer {
  const here = (key: string) => found.get(key)?.value
  if (succeeded || here(keys.batch) === mark) return { outcome: 'stored' }
  if (here(keys.epoch) === String(epoch))
    return {
      outcome: 'unknown',
      reason: `The store in etcd was changed by something else than a fabric controller: its last batch is ${here(keys.batch)}.`,
    }
  return {
    outcome: isCertain ? 'superseded' : 'unknown',
    reason: 'Another fabric controller has taken over the store in etcd: this one is no longer master.',
  }
}
