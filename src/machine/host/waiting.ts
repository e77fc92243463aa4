import type { Clock } from '../facilities.ts'

/** Waits for conditions on a state that changes in commits. */
export interface Waiting {
  /** To be called after each commit. */
  readonly check: () => void
  /** Resolves with true when the condition holds, with false when it does not within `limitMs`. */
  readonly until: (condition: () => boolean, limitMs: number) => Promise<boolean>
}

export function openWaiting(clock: Clock): Waiting {
  const waiters = new Set<() => void>()
  return {
    check() {
      for (const waiter of waiters) waiter()
    },
    until(condition, limitMs) {
      if (condition()) return Promise.resolve(true)
      return new Promise((resolve) => {
        const end = (held: boolean) => {
          cancel()
          waiters.delete(waiter)
          resolve(held)
        }
        const waiter = () => condition() && end(true)
        const cancel = clock.schedule(clock.now() + limitMs, () => end(false))
        waiters.add(waiter)
      })
    },
  }
}
