import type { MasterStore, SchemaMark, StoreAnswer, Write } from '../../../kernel/store.ts'
import { storeSchema } from '../../../kernel/version.ts'
import type { Gateway } from './gateway.ts'
import { insist } from './insist.ts'
import { keys } from './keys.ts'
import { readRecords } from './read-records.ts'
import { type Batch, settleBatch } from './settle-batch.ts'
import { type Change, type Transacted, transact } from './transaction.ts'

/** For a small transaction, in milliseconds. Origin: choice; it takes 5 ms, and etcd's own limit is 7 s. */
const answerLimitMs = 2_000

/**
 * Opens the store in etcd for a new master and reads it: who had it open before cannot commit any more. The gateway stays the caller's. Rejects with
 * one sentence when the store is of a newer version, which is left as it is, holds what no Reddog wrote, or does not answer.
 */
export async function openEtcdStore(gateway: Gateway, known = storeSchema): Promise<MasterStore & SchemaMark> {
  const { epoch, schema, revision } = await takeOver(gateway, known)
  return storeOf(gateway, { epoch, schema }, await readRecords(gateway, revision))
}

/** Raises the epoch from what it was. When the answer is missing another one is taken: nobody has had this one. */
async function takeOver(
  gateway: Gateway,
  known: number,
): Promise<{ readonly epoch: number; readonly schema: number; readonly revision: string }> {
  for (;;) {
    const { found } = await insist(() => look(gateway))
    const [schema, former] = [numberAt(found, keys.schema, known), numberAt(found, keys.epoch, 0)]
    if (schema > known)
      throw new Error(
        `The store in etcd was written by a newer Reddog (schema ${schema}, this one knows ${known}). Start that version, or use another etcd.`,
      )
    const epoch = former + 1
    const compare = [keys.schema, keys.epoch].map((key) => ({ key, value: found.get(key)?.value }))
    const changes = [
      { key: keys.schema, value: String(schema) },
      { key: keys.epoch, value: String(epoch) },
      { key: keys.batch, value: markOf(epoch, 0) },
    ]
    const opened = await transact(gateway, { compare, changes, asked: [] }, answerLimitMs)
    if (opened.ok && opened.value.succeeded) return { epoch, schema, revision: opened.value.revision }
  }
}

function look(gateway: Gateway) {
  return transact(gateway, { compare: [], changes: [], asked: [keys.schema, keys.epoch] }, answerLimitMs)
}

/** Throws when something else than a number stands there. */
function numberAt(found: Transacted['found'], key: string, absent: number): number {
  const text = found.get(key)?.value ?? String(absent)
  const number = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  if (number === undefined)
    throw new Error(
      `In etcd ${key} holds "${text.slice(0, 40)}", which is no number: no Reddog wrote it. Use another etcd.`,
    )
  return number
}

/** A batch is marked with the epoch under which it was sent, so no two masters have the same mark. */
function markOf(epoch: number, number: number): string {
  return `${epoch}.${number}`
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
