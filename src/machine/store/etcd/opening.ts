import { markOf } from './batch.ts'
import { keys } from './keys.ts'
import type { Comparison, Transacted, Transaction } from './transaction.ts'

/** What a master does to have the store for itself. */
export interface Opening {
  readonly epoch: number
  readonly schema: number
  readonly transaction: Transaction
}

/** What is read before. */
export const lookedAt: Transaction = { compare: [], changes: [], asked: [keys.schema, keys.epoch, keys.master] }

/**
 * Raises the epoch from what it was found to be. `elected` is what stands at the key of the master while it has the lease: a candidate that slept
 * between its election and the opening would else fence the next master, which still answers. Throws one sentence when the lease is over, and when the
 * store is of a newer version than `known`, or holds what no Reddog wrote.
 */
export function openingOf(found: Transacted['found'], known: number, elected?: string): Opening {
  const [schema, former] = [numberAt(found, keys.schema, known), numberAt(found, keys.epoch, 0)]
  if (schema > known)
    throw new Error(
      `The store in etcd was written by a newer Reddog (schema ${schema}, this one knows ${known}). Start that version, or use another etcd.`,
    )
  if (elected !== undefined && found.get(keys.master)?.value !== elected)
    throw new Error('The lease was over before the store was open: another fabric controller may be master.')
  const epoch = former + 1
  const same: readonly Comparison[] = [keys.schema, keys.epoch].map((key) => ({ key, value: found.get(key)?.value }))
  const changes = [
    { key: keys.schema, value: String(schema) },
    { key: keys.epoch, value: String(epoch) },
    { key: keys.batch, value: markOf(epoch, 0) },
  ]
  const compare = elected === undefined ? same : [...same, { key: keys.master, value: elected }]
  return { epoch, schema, transaction: { compare, changes, asked: [] } }
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
