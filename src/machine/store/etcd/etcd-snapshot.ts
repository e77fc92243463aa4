import { storeSchema } from '../../../kernel/version.ts'
import type { Snapshot } from '../sqlite-snapshot.ts'
import type { Gateway } from './gateway.ts'
import { insist } from './insist.ts'
import { keys } from './keys.ts'
import { readRecords } from './read-records.ts'
import { transact } from './transaction.ts'

/** For a small transaction, in milliseconds. Origin: choice; it takes 5 ms, and etcd's own limit is 7 s. */
const answerLimitMs = 2_000

/** Reads a store in etcd as of one revision, without taking it over from its master. Rejects with a sentence when etcd does not give it. */
export async function readEtcdSnapshot(gateway: Gateway): Promise<Snapshot> {
  const look = { compare: [], changes: [], asked: [keys.schema] }
  const { found, revision } = await insist(() => transact(gateway, look, answerLimitMs))
  const records = await readRecords(gateway, revision)
  return {
    schema: Number(found.get(keys.schema)?.value ?? storeSchema),
    records: records.map(([key, text]) => [key, String(JSON.parse(text))] as const),
  }
}
