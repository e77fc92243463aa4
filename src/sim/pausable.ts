import type { VirtualClock } from './clock.ts'

/** The clock of a process that can be stopped for a while: what was due meanwhile comes at once when it goes on, before any message. */
export interface PausableClock extends Pick<VirtualClock, 'now' | 'schedule'> {
  isPaused(): boolean
  pause(): void
  resume(): void
  /** How long it was stopped since it was asked last, in milliseconds. */
  lapse(): number
}

export function pausableClock(clock: VirtualClock): PausableClock {
  let since: number | undefined
  let lapsedMs = 0
  let held: (() => void)[] = []
  return {
    now: clock.now,
    schedule(at, wake) {
      let cancelled = false
      const run = () => {
        if (!cancelled) wake()
      }
      const cancel = clock.schedule(at, () => (since === undefined ? run() : void held.push(run)))
      return () => {
        cancelled = true
        cancel()
      }
    },
    isPaused: () => since !== undefined,
    pause() {
      since ??= clock.now()
    },
    resume() {
      if (since === undefined) return
      lapsedMs += clock.now() - since
      since = undefined
      const due = held
      held = []
      for (const run of due) run()
    },
    lapse() {
      const taken = lapsedMs
      lapsedMs = 0
      return taken
    },
  }
}
