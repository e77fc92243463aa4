import type { Clock } from './clock.ts'

/** The wall clock of one machine, which may be set. Events requested before still come after the requested time. */
export interface MachineClock extends Clock {
  /** By how much it has been set so far, in milliseconds; negative: back. */
  setMs(): number
  /** Sets it forward, or back. */
  set(ms: number): void
}

/** The clocks of several machines are right by no more than this (H-41). */
export const mostSkewMs = 300_000

export function machineClock(clock: Clock): MachineClock {
  let setMs = 0
  return {
    now: () => clock.now() + setMs,
    schedule: (at, wake) => clock.schedule(at - setMs, wake),
    setMs: () => setMs,
    set(ms) {
      setMs += ms
    },
  }
}
