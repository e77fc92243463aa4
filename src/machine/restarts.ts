import type { Timers } from '../kernel/timers.ts'

/** When a process that has ended is started again: at once, and later each time that it ends soon again (H-13). */
export interface Restarts {
  /** Milliseconds to wait after the end of a run that began at `since` of `performance.now()`. */
  delayMs(since: number): number
}

export function openRestarts({
  recycleDelays,
  crashResetAfter,
}: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>): Restarts {
  let failures = 0
  return {
    delayMs(since) {
      if (performance.now() - since >= crashResetAfter) failures = 0
      return recycleDelays[Math.min(failures++, recycleDelays.length - 1)] ?? 0
    },
  }
}
