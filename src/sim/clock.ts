import TinyQueue from 'tinyqueue'
import type { Instant } from '../kernel/instant.ts'

export interface Clock {
  now(): Instant
  /** Calls `wake` once, not before `at`; the answer cancels. Of two events at one moment, the one requested first comes first. */
  schedule(at: Instant, wake: () => void): () => void
}

/** Time that passes only on request. */
export interface VirtualClock extends Clock {
  /** Goes on to the next event and runs it. False when there is none up to `until`: then the clock stops there. */
  step(until: Instant): boolean
}

interface Event {
  readonly at: Instant
  readonly order: number
  wake?: (() => void) | undefined
}

/** More events than any building has in one moment: something asks again and again, and would keep a processor busy. */
const mostOfAMoment = 100_000

export function virtualClock(start: Instant): VirtualClock {
  let now = start
  let order = 0
  const events = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.order - b.order)
  /** Events requested in this moment for this moment, in their order: most events are such, and a heap is slower. */
  let soon: Event[] = []
  let taken = 0
  let ofThisMoment = 0

  function next(until: Instant): Event | undefined {
    const first = events.peek()
    if (first && first.at <= now) return events.pop()
    if (taken < soon.length) return soon[taken++]
    soon = []
    taken = 0
    return first && first.at <= until ? events.pop() : undefined
  }

  return {
    now: () => now,
    schedule(at, wake) {
      const event: Event = { at, order: order++, wake }
      if (at <= now) soon.push(event)
      else events.push(event)
      return () => {
        event.wake = undefined
      }
    },
    step(until) {
      for (let event = next(until); event; event = next(until)) {
        if (!event.wake) continue
        ofThisMoment = event.at > now ? 0 : ofThisMoment + 1
        if (ofThisMoment > mostOfAMoment) throw new Error('The building has come to no end of one moment.')
        now = Math.max(event.at, now)
        event.wake()
        return true
      }
      now = Math.max(now, until)
      return false
    },
  }
}
