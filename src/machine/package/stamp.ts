import { createHash, randomUUID } from 'node:crypto'

/** Where a packer's guids and times come from. */
export interface Stamp {
  /** A guid in lower case. `content` decides its value in a reproducible package. */
  readonly guid: (content: string) => string
  /** The time to write for a file that was modified then. */
  readonly timeMs: (modifiedMs: number) => number
}

/** New guids, true times: as in every packer. */
export const freshStamp: Stamp = { guid: () => randomUUID(), timeMs: (modifiedMs) => modifiedMs }

/** Guids from content hashes, one time for everything: two runs give identical bytes (package-format.md 6.7). */
export function reproducibleStamp(newestMs: number): Stamp {
  return {
    guid(content) {
      const hex = createHash('sha256').update(content).digest('hex')
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
    },
    timeMs: () => newestMs,
  }
}
