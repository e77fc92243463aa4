import type { MasterStore, StoreAnswer, Write } from '../../kernel/store.ts'
import type { KeyValues, Transaction } from '../etcd/key-values.ts'

/** Keys of the fabric in etcd (decisions/several-machines.md). */
export const keys = {
  records: '/reddog/record/',
  epoch: '/reddog/epoch',
  master: '/reddog/master',
  /** Epoch and number of the newest batch. */
  batch: '/reddog/batch',
} as const

/** How a candidate speaks to etcd. `ended` is called in its process; with undefined when it is not known whether it is done. */
export interface Speaks {
  ask<Answer>(
    limitMs: number,
    run: (kept: KeyValues) => Answer | undefined,
    ended: (answer: Answer | 'refused' | undefined) => void,
  ): void
  /** Runs after so many milliseconds, unless the process has ended. */
  after(ms: number, run: () => void): void
  /** Does a batch of records, in the transaction; false when the process dies of it. */
  around(write: () => void): boolean
  /** A transaction of that epoch is done: an opening, or a batch. */
  wrote(epoch: number, what: 'opening' | 'batch'): void
}

/** For one try to open the store, or of a batch, and between two, in milliseconds; as machine/store/etcd. */
const limits = { openingMs: 2_000, batchMs: 1_000, againMs: 100 } as const

/** The store of the candidate that holds this lease; undefined: it holds it no longer. Asked again until it is answered. */
export function openEtcdStore(speaks: Speaks, lease: string, opened: (store: MasterStore | undefined) => void): void {
  const insist = <Answer>(run: (kept: KeyValues) => Answer, then: (answer: Answer) => void): void =>
    speaks.ask(limits.openingMs, run, (answer) => {
      if (answer === undefined || answer === 'refused') speaks.after(limits.againMs, () => insist(run, then))
      else then(answer)
    })
  insist(
    (kept) => Number(kept.get(keys.epoch) ?? '0'),
    (former) => {
      const epoch = former + 1
      const own = `${epoch}.0.${lease}`
      const opening: Transaction = {
        when: [
          [keys.epoch, former === 0 ? undefined : String(former)],
          [keys.master, lease],
        ],
        writes: [
          [keys.epoch, String(epoch)],
          [keys.batch, own],
        ],
      }
      const open = (kept: KeyValues) => {
        if (kept.transact(opening)) speaks.wrote(epoch, 'opening')
        if (kept.get(keys.batch) !== own) return { records: undefined }
        return { records: kept.range(keys.records) }
      }
      insist(open, ({ records }) => opened(records && storeOf(speaks, { epoch, batch: own, records })))
    },
  )
}

interface Opened {
  readonly epoch: number
  readonly batch: string
  readonly records: readonly (readonly [key: string, text: string])[]
}

/** Each transaction compares the one before it: an earlier try of another one that comes late changes nothing. */
function storeOf(speaks: Speaks, opened: Opened): MasterStore {
  let { epoch, batch } = opened
  let number = 0

  /** The same again until it is answered, or until a newer master has the store. */
  function transact(
    next: { readonly epoch: number; readonly writes: Transaction['writes'] },
    answered: (answer: StoreAnswer) => void,
  ): void {
    const own = `${next.epoch}.${++number}`
    const transaction: Transaction = {
      when: [
        [keys.epoch, String(epoch)],
        [keys.batch, batch],
      ],
      writes: [...next.writes, [keys.epoch, String(next.epoch)], [keys.batch, own]],
    }
    const once = (kept: KeyValues): StoreAnswer['outcome'] | undefined => {
      if (kept.get(keys.epoch) === String(epoch) && kept.get(keys.batch) === batch) {
        const survives = speaks.around(() => {
          kept.transact(transaction)
          speaks.wrote(next.epoch, 'batch')
        })
        if (!survives) return undefined
      }
      if (kept.get(keys.batch) === own) return 'stored'
      return 'superseded'
    }
    const attempt = (isFirst: boolean): void =>
      speaks.ask(limits.batchMs, once, (outcome) => {
        if (outcome === undefined) return speaks.after(limits.againMs, () => attempt(false))
        if (outcome === 'stored') {
          epoch = next.epoch
          batch = own
          return answered({ outcome })
        }
        // An earlier try may have been stored before the newer master came.
        if (outcome === 'refused' && !isFirst) return speaks.after(limits.againMs, () => attempt(false))
        if (outcome === 'superseded' && !isFirst)
          return answered({
            outcome: 'unknown',
            reason: 'the store belongs to a newer master, and nobody has answered before.',
          })
        answered({
          outcome,
          reason: outcome === 'refused' ? 'the store is out of sorts.' : 'the store belongs to a newer master.',
        })
      })
    attempt(true)
  }

  return {
    epoch: () => epoch,
    raise: (higher, answered) => transact({ epoch: higher, writes: [] }, answered),
    load: () => opened.records.map(([key, text]) => [key.slice(keys.records.length), JSON.parse(text)]),
    commit: (batch, answered) => transact({ epoch, writes: batch.map(written) }, answered),
    close() {},
  }
}

function written({ key, value }: Write): readonly [string, string | undefined] {
  return [keys.records + key, value === undefined ? undefined : JSON.stringify(value)]
}
