import type { Log } from '../../../kernel/log.ts'

/** A log for events that can happen thousands of times a second: each kind has one line a period, with its count. */
export interface RareLog {
  /** Events of one `kind` count as the same; `sentence` is written for the first one of a period. */
  warn(kind: string, sentence: string): void
  close(): void
}

/** One line a kind in so many milliseconds. Origin: choice. */
const periodMs = 10_000

/** Kinds that are remembered in one period; more would be an attack on our memory. Origin: choice. */
const kindLimit = 1_000

export function openRareLog(log: Log): RareLog {
  const repeated = new Map<string, number>()
  const timer = setInterval(() => {
    for (const [kind, times] of repeated) if (times > 0) log.warn(`${kind}: ${times} times more`)
    repeated.clear()
  }, periodMs).unref()
  return {
    warn(kind, sentence) {
      const times = repeated.get(kind)
      if (times === undefined && repeated.size < kindLimit) {
        repeated.set(kind, 0)
        log.warn(sentence)
      } else if (times !== undefined) repeated.set(kind, times + 1)
    },
    close: () => clearInterval(timer),
  }
}
