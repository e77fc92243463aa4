import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Sealer } from '../certificates/sealer.ts'
import { purposeOf } from './sealed-store.ts'

/** First line of the file: the schema of the records after it, one a line, `[key, sealed value]`. */
export interface RestoredRecords {
  readonly schema: number
  readonly records: ReadonlyMap<string, unknown>
  /** Removes the file: they are in the store. */
  taken(): void
}

/** What `reddog restore` has left for a store that could not be written without its servers; undefined when there is nothing. Throws when it cannot be opened. */
export function restoredRecords(file: string, sealer: Sealer): RestoredRecords | undefined {
  if (!existsSync(file)) return undefined
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n')
  const records = lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as readonly [string, string])
    .map(([key, sealed]) => [key, JSON.parse(sealer.open(sealed, purposeOf(key)).toString())] as const)
  return { schema: Number(first), records: new Map(records), taken: () => rmSync(file) }
}
