import type { MasterStore, StoreAnswer, Write } from '../../kernel/store.ts'
import { storeSchema } from '../../kernel/version.ts'
import { type Batch, markOf, outcomeOf, transactionOf } from '../../machine/store/etcd/batch.ts'
import { keys } from '../../machine/store/etcd/keys.ts'
import { lookedAt, type Opening, openingOf } from '../../machine/store/etcd/opening.ts'
import type { Change, Transacted } from '../../machine/store/etcd/transaction.ts'
import type { KeyValues } from '../etcd/key-values.ts'

/** How a candidate speaks to etcd. */
export interface Speaks {
  /** `ended` is called in its process; with undefined when it is not known whether it is done. */
  ask<Answer>(
    limitMs: number,
    run: (kept: KeyValues) => Answer | undefined,
    ended: (answer: Answer | 'refused' | undefined) => void,
  ): void
  /** Runs after so many milliseconds, unless the process has ended. */
  after(ms: number, run: () => void): void
  /** Carries a batch out; false when the process dies of it. */
  around(write: () => void): boolean
  /** A transaction of that epoch is done: an opening, or a batch. */
  wrote(epoch: number, what: 'opening' | 'batch'): void
}

type Done = Pick<Transacted, 'succeeded' | 'found'>

/** For one try to open the store, or of a batch, and between two, in milliseconds; as machine/store/etcd. */
const limits = { openingMs: 2_000, batchMs: 1_000, againMs: 100 } as const

/** Opens the store for the candidate that is `elected`, and tries as long as it is; `lost` is called with the reason when it is no more. */
export function openEtcdStore(
  speaks: Speaks,
  elected: string,
  opened: (store: MasterStore) => void,
  lost: (reason: string) => void,
): void {
  const insist = <Answer>(run: (kept: KeyValues) => Answer, then: (answer: Answer) => void): void =>
    speaks.ask(limits.openingMs, run, (answer) => {
      if (answer === undefined || answer === 'refused') speaks.after(limits.againMs, () => insist(run, then))
      else then(answer)
    })

  function takeOver(): void {
    insist(
      (kept) => kept.transact(lookedAt),
      ({ found }) => {
        const opening = openingFrom(found)
        if (opening) raise(opening)
      },
    )
  }

  function openingFrom(found: Done['found']): Opening | undefined {
    try {
      return openingOf(found, storeSchema, elected)
    } catch (error) {
      lost((error as Error).message)
      return undefined
    }
  }

  /** When the answer is missing another epoch is taken. */
  function raise({ epoch, transaction }: Opening): void {
    const run = (kept: KeyValues) => {
      const { succeeded } = kept.transact(transaction)
      if (succeeded) speaks.wrote(epoch, 'opening')
      return { records: succeeded ? kept.range(keys.records) : undefined }
    }
    speaks.ask(limits.openingMs, run, (answer) => {
      if (answer === undefined || answer === 'refused') speaks.after(limits.againMs, takeOver)
      else if (answer.records) opened(storeOf(speaks, epoch, answer.records))
      else takeOver()
    })
  }

  takeOver()
}

function storeOf(
  speaks: Speaks,
  first: number,
  records: readonly (readonly [key: string, text: string])[],
): MasterStore {
  let epoch = first
  let mark = markOf(epoch, 0)
  let number = 0

  function pass(changes: readonly Change[], answered: (answer: StoreAnswer) => void): void {
    const batch: Batch = { epoch, after: mark, mark: markOf(epoch, ++number), changes }
    settle(speaks, batch, (answer) => {
      if (answer.outcome === 'stored') mark = batch.mark
      answered(answer)
    })
  }

  return {
    epoch: () => epoch,
    raise(higher, answered) {
      pass([{ key: keys.epoch, value: String(higher) }], (answer) => {
        if (answer.outcome === 'stored') epoch = higher
        answered(answer)
      })
    },
    load: () => records.map(([key, text]) => [key.slice(keys.records.length), JSON.parse(text)]),
    commit: (batch, answered) => pass(batch.map(changeOf), answered),
    close() {},
  }
}

/** Sends a batch, unchanged, until it is known what became of it (machine/store/etcd/settle-batch.ts). */
function settle(speaks: Speaks, batch: Batch, answered: (answer: StoreAnswer) => void): void {
  const transaction = transactionOf(batch)
  const raised = Number(batch.changes.find(({ key }) => key === keys.epoch)?.value ?? batch.epoch)

  /** A death is planned for a batch that is stored; a try that changes nothing is none. */
  function once(kept: KeyValues): Done | undefined {
    if (!transaction.compare.every(({ key, value }) => kept.get(key) === value)) return kept.transact(transaction)
    let done: Done | undefined
    const survives = speaks.around(() => {
      done = kept.transact(transaction)
      speaks.wrote(raised, 'batch')
    })
    return survives ? done : undefined
  }

  function attempt(isCertain: boolean): void {
    speaks.ask(limits.batchMs, once, (done) => {
      if (done === 'refused' && isCertain) return answered({ outcome: 'refused', reason: 'the store is out of sorts.' })
      if (done !== undefined && done !== 'refused') return answered(outcomeOf(batch, done, isCertain))
      speaks.after(limits.againMs, () => attempt(isCertain && done !== undefined))
    })
  }
  attempt(true)
}

function changeOf({ key, value }: Write): Change {
  return { key: keys.records + key, value: value === undefined ? undefined : JSON.stringify(value) }
}
