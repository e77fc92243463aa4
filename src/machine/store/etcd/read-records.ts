import type { Gateway } from './gateway.ts'
import { insist } from './insist.ts'
import { keys } from './keys.ts'
import { decoded, encoded } from './transaction.ts'

/** Records of a page at first. Origin: choice; 700 kB of ordinary records. */
const firstPage = 500

/** For one page: also for a record of 10 MiB on a busy machine, in milliseconds. Origin: choice. */
const pageLimitMs = 5_000

interface Page {
  readonly kvs?: readonly { readonly key: string; readonly value?: string }[]
  readonly more?: boolean
}

/**
 * All records as of the revision, in key order, page by page; smaller pages when one does not come, for it may be large. Rejects with a sentence when
 * etcd does not give them.
 */
export async function readRecords(gateway: Gateway, revision: string): Promise<readonly (readonly [string, string])[]> {
  const records: (readonly [string, string])[] = []
  const end = `${keys.records.slice(0, -1)}0`
  let limit = firstPage
  for (let from: string = keys.records, more = true; more; ) {
    const page = await insist(() => {
      const body = { key: encoded(from), range_end: encoded(end), revision, limit: String(limit) }
      limit = Math.ceil(limit / 2)
      return gateway.ask<Page>('/v3/kv/range', body, pageLimitMs)
    })
    for (const { key, value = '' } of page.kvs ?? []) records.push([decoded(key), decoded(value)])
    more = page.more ?? false
    from = `${records.at(-1)?.[0]}\0`
    limit = Math.min(firstPage, 4 * limit)
  }
  return records.map(([key, text]) => [key.slice(keys.records.length), text])
}
