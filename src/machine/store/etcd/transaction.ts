import type { EtcdReply, Gateway } from './gateway.ts'

/** Holds when the key has that value; with undefined, when there is no such key. */
export interface Comparison {
  readonly key: string
  readonly value: string | undefined
}

/** `value` undefined: drop the key. With a lease the key goes when the lease ends. */
export interface Change {
  readonly key: string
  readonly value: string | undefined
  readonly lease?: string | undefined
}

export interface Found {
  readonly value: string
  /** Of a key that ends with a lease. */
  readonly lease?: string | undefined
}

/** All changes, when all comparisons hold; `asked` is read in either case. */
export interface Transaction {
  readonly compare: readonly Comparison[]
  readonly changes: readonly Change[]
  readonly asked: readonly string[]
}

export interface Transacted {
  /** Whether all comparisons held, and all was changed. */
  readonly succeeded: boolean
  /** What etcd had then of the keys that were asked for: when it succeeded, before the changes. */
  readonly found: ReadonlyMap<string, Found>
  /** Of the whole store, after it. */
  readonly revision: string
}

interface KeyValue {
  readonly key: string
  /** Absent: empty. */
  readonly value?: string
  /** Absent, or `0`: none. */
  readonly lease?: string
}

interface Answer {
  readonly header: { readonly revision: string }
  readonly succeeded?: boolean
  readonly responses?: readonly { readonly response_range?: { readonly kvs?: readonly KeyValue[] } }[]
}

/** One attempt, at one member. */
export async function transact(
  gateway: Gateway,
  transaction: Transaction,
  timeoutMs: number,
): Promise<EtcdReply<Transacted>> {
  const reads = transaction.asked.map((key) => ({ request_range: { key: encoded(key) } }))
  const body = {
    compare: transaction.compare.map(comparisonOf),
    success: [...reads, ...transaction.changes.map(operationOf)],
    failure: reads,
  }
  const reply = await gateway.ask<Answer>('/v3/kv/txn', body, timeoutMs)
  if (!reply.ok) return reply
  const { header, succeeded = false, responses = [] } = reply.value
  const kvs = responses.flatMap(({ response_range }) => response_range?.kvs ?? [])
  const found = new Map(kvs.map(({ key, value = '', lease }) => [decoded(key), { value: decoded(value), lease }]))
  return { ok: true, value: { succeeded, found, revision: header.revision } }
}

function comparisonOf({ key, value }: Comparison) {
  const compared =
    value === undefined ? { target: 'VERSION', version: '0' } : { target: 'VALUE', value: encoded(value) }
  return { key: encoded(key), result: 'EQUAL', ...compared }
}

function operationOf({ key, value, lease }: Change) {
  if (value === undefined) return { request_delete_range: { key: encoded(key) } }
  return { request_put: { key: encoded(key), value: encoded(value), ...(lease && { lease }) } }
}

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64')
}

export function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
