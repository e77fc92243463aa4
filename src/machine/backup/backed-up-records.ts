import type { Sealer } from '../certificates/sealer.ts'
import { purposeOf } from '../store/sealed-store.ts'

/** Records of a backup, each opened when it is asked for. */
export interface BackedUpRecords {
  readonly keys: readonly string[]
  /** Throws when there is none under the key, or it does not open. */
  open(key: string): unknown
}

/** `lines`: records as a backup has them, `[key, sealed value]`. */
export function backedUpRecords(lines: readonly string[], sealer: Sealer): BackedUpRecords {
  const sealed = new Map(lines.map((line) => JSON.parse(line) as readonly [string, string]))
  return {
    keys: [...sealed.keys()],
    open: (key) => JSON.parse(sealer.open(sealed.get(key) ?? '', purposeOf(key)).toString()),
  }
}
