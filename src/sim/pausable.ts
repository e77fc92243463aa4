import type { Clock } from './clock.ts'
import type { MachineClock } from './machine-clock.ts'

/** The clock of a process that can be stopped for a while: events due meanwhile come at once when it goes on, before any message. */
export interface PausableClock extends Clock {
  isPaused(): boolean
  pause(): void
  /** Returns for how long it was stopped, in milliseconds. */
  resume(): number
  /** Messages to the process are taken in now, or when it goes on. */
  whenRunning(run: () => void): void
  /** For how long it was stopped, and by how much its clock was set, since the last call (kernel/lapse.ts). */
  lapse(): number
}

export function pausableClock(clock: MachineClock): PausableClock {
  let since: number | undefined
  let lapsedMs = 0
  let setMs = clock.setMs()
  let held: (() => void)[] = []
  const steadyMs = () => clock.now() - clock.setMs()
  const whenRunning = (run: () => void) => (since === undefined ? run() : void held.push(run))
  return {
    now: clock.now,
    schedule(at, wake) {
      let cancelled = false
      const run = () => {
        if (!cancelled) wake()
      }
      const cancel = clock.schedule(at, () => whenRunning(run))
      return () => {
        cancelled = true
        cancel()
      }
    },
    isPaused: () => since !== undefined,
    pause() {
      since ??= steadyMs()
    },
    resume() {
      if (since === undefined) return 0
      const stoppedMs = steadyMs() - since
      lapsedMs += stoppedMs
      since = undefined
      const due = held
      held = []
      for (const run of due) run()
      return stoppedMs
    },
    whenRunning,
    lapse() {
      const taken = lapsedMs + clock.setMs() - setMs
      lapsedMs = 0
      setMs = clock.setMs()
      return taken
    },
  }
}
