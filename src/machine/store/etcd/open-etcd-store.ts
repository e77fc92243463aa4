import { setTimeout as pause } from 'node:timers/promises'
import type { MasterStore, SchemaMark, StoreAnswer, Write } from '../../../kernel/store.ts'
import { storeSchema } from '../../../kernel/version.ts'
import { type Batch, markOf } from './batch.ts'
import type { Gateway } from './gateway.ts'
import { insist } from './insist.ts'
import { keys } from './keys.ts'
import { lookedAt, type Opening, openingOf } from './opening.ts'
import { readRecords } from './read-records.ts'
import { settleBatch } from './settle-batch.ts'
import { type Change, transact } from './transaction.ts'

/** For a small transaction, in milliseconds. Origin: choice; it takes 5 ms, and etcd's own limit is 7 s. */
const answerLimitMs = 2_000

/**
 * Opens the store in etcd for a new master and reads it: who had it open before cannot commit any more. The gateway stays the caller's. Rejects with
 * one sentence when the store is of a newer version, which is left as it is, holds what no Reddog wrote, or does not answer, and when the candidate that
 * was `elected` (opening.ts) is so no more.
 */
export async function openEtcdStore(
  gateway: Gateway,
  known = storeSchema,
  elected?: string,
): Promise<MasterStore & SchemaMark> {
  const { epoch, schema, revision } = await takeOver(gateway, known, elected)
  return storeOf(gateway, { epoch, schema }, await readRecords(gateway, revision))
}

/** Before it is tried again, in milliseconds. Origin: choice. */
const againMs = 100

/** When the answer is missing another epoch is taken: nobody has had this one. */
async function takeOver(
  gateway: Gateway,
  known: number,
  elected: string | undefined,
): Promise<Omit<Opening, 'transaction'> & { readonly revision: string }> {
  for (;;) {
    const { found } = await insist(() => transact(gateway, lookedAt, answerLimitMs))
    const { epoch, schema, transaction } = openingOf(found, known, elected)
    const opened = await transact(gateway, transaction, answerLimitMs)
    if (opened.ok && opened.value.succeeded) return { epoch, schema, revision: opened.value.revision }
    if (!opened.ok && opened.why === 'refused') throw new Error(opened.reason)
    await pause(againMs)
  }
}

function storeOf(
  gateway: Gateway,
  found: { readonly epoch: number; readonly schema: number },
  records: readonly (readonly [string, string])[],
): MasterStore & SchemaMark {
  const closing = new AbortController()
  let { epoch, schema } = found
  let number = 0
  let mark = markOf(epoch, 0)
  let unread = records

  function pass(changes: readonly Change[], answered: (answer: StoreAnswer) => void): void {
    const batch: Batch = { epoch, after: mark, mark: markOf(epoch, ++number), changes }
    void settleBatch(gateway, batch, closing.signal).then((answer) => {
      if (closing.signal.aborted) return
      if (answer.outcome === 'stored') mark = batch.mark
      answered(answer)
    })
  }

  return {
    schema: () => schema,
    setSchema(next, answered) {
      pass([{ key: keys.schema, value: String(next) }], (answer) => {
        if (answer.outcome === 'stored') schema = next
        answered(answer)
      })
    },
    epoch: () => epoch,
    raise(higher, answered) {
      pass([{ key: keys.epoch, value: String(higher) }], (answer) => {
        if (answer.outcome === 'stored') epoch = higher
        answered(answer)
      })
    },
    *load() {
      const all = unread
      // They are asked for once, and take as much memory as all that is made of them.
      unread = []
      for (const [key, text] of all) yield [key, JSON.parse(text)] as const
    },
    commit: (batch, answered) => pass(lastOfEach(batch), answered),
    close: () => closing.abort(),
  }
}

/** A transaction takes a key once. */
function lastOfEach(batch: readonly Write[]): readonly Change[] {
  const texts = new Map(batch.map(({ key, value }) => [key, value === undefined ? undefined : JSON.stringify(value)]))
  return [...texts].map(([key, value]) => ({ key: keys.records + key, value }))
}
