import type { Instant } from './instant.ts'

/**
 * Notices that a process could not hear: it was stopped, its machine slept, or somebody set the clock. That time does not count as silence of others.
 */
export interface LapseWatch {
  /** To be called at least once in `lookEveryMs`; true when it noticed a lapse that was not taken yet. */
  look(): boolean
  /** Milliseconds by which all noted moments are to be moved, so that time without hearing does not count; negative when the clock was set back. */
  take(): number
}

/** How often a process looks at its clocks. Origin: choice, below every limit of table C-1 that is set to judge silence. */
export const lookEveryMs = 1_000

/** Shorter gaps are no lapse: a busy machine, a small correction of the clock. Origin: choice. */
const noticeMs = 1_000

/** `steadyMs` is a clock that is never set, with any start. */
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
