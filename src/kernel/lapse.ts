import type { Instant } from './instant.ts'

/**
 * Notices that a process could not hear: it was stopped, its machine slept, or somebody set the clock. Whoever has been silent since
 * has not been silent to us.
 */
export interface LapseWatch {
  /** To be called at least once in `lookEveryMs`; true when something was noticed that nobody has taken yet. */
  look(): boolean
  /** Milliseconds by which all that was noted before is to be moved, to be as long ago as it was heard; negative when the clock was set back. */
  take(): number
}

/** How often a process looks at its clocks. Origin: choice, below every limit of table C-1 that is set to judge silence. */
export const lookEveryMs = 1_000

/** What is shorter is no lapse: a busy machine, a clock that is kept in time. Origin: choice. */
const noticeMs = 1_000

/** `steadyMs` is a clock that nobody sets, from any beginning. */
export function lapseWatch(now: () => Instant, steadyMs: () => number): LapseWatch {
  let last = { now: now(), steadyMs: steadyMs() }
  let lapsedMs = 0
  function look(): boolean {
    const here = { now: now(), steadyMs: steadyMs() }
    const ranMs = here.steadyMs - last.steadyMs
    const setMs = here.now - last.now - ranMs
    if (ranMs > lookEveryMs + noticeMs) lapsedMs += ranMs
    if (Math.abs(setMs) > noticeMs) lapsedMs += setMs
    last = here
    return lapsedMs !== 0
  }
  return {
    look,
    take() {
      look()
      const taken = lapsedMs
      lapsedMs = 0
      return taken
    },
  }
}
