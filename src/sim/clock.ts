import TinyQueue from 'tinyqueue'
import type { Instant } from '../kernel/instant.ts'

/** Time that passes only when it is told to. */
export interface VirtualClock {
  now(): Instant
  /** Calls `wake` once, not before `at`; the answer cancels. Of two events at one moment the one that was asked for first comes first. */
  schedule(at: Instant, wake: () => void): () => void
  /** Goes on to the next event and runs it. False when there is none up to `until`: the clock then stands there. */
  step(until: Instant): boolean
}

interface Event {
  readonly at: Instant
  readonly order: number
  wake?: (() => void) | undefined
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start
  let order = 0
  const events = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.order - b.order)
  return {
    now: () => now,
    schedule(at, wake) {
      const event: Event = { at: Math.max(at, now), order: order++, wake }
      events.push(event)
      return () => {
        event.wake = undefined
      }
    },
    step(until) {
      for (let next = events.peek(); next && next.at <= until; next = events.peek()) {
        events.pop()
        if (!next.wake) continue
        now = next.at
        next.wake()
        return true
      }
      now = Math.max(now, until)
      return false
    },
  }
}
