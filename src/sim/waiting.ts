import type { Clock } from './clock.ts'

/** Lets callers wait for something to become true of a state that changes in commits. */
export interface Waiting {
  /** To be called after each commit. */
  check(): void
  /** Calls `then` with true as soon as the condition holds, with false after `limitMs`. */
  until(condition: () => boolean, limitMs: number, then: (held: boolean) => void): void
  /** No caller is called any more: the process has ended. */
  stop(): void
}

export function waitingOn(clock: Clock): Waiting {
  const waiters = new Map<() => boolean, (held: boolean) => void>()
  return {
    check() {
      for (const [condition, end] of waiters) if (condition()) end(true)
    },
    until(condition, limitMs, then) {
      if (condition()) return then(true)
      const end = (held: boolean) => {
        cancel()
        waiters.delete(condition)
        then(held)
      }
      const cancel = clock.schedule(clock.now() + limitMs, () => waiters.has(condition) && end(false))
      waiters.set(condition, end)
    },
    stop: () => waiters.clear(),
  }
}
