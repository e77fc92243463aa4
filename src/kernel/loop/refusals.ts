import type { Instant } from '../instant.ts'

/** What a loop remembers of refused commits. */
export interface Refusals {
  /** The commit of what was drained at `drainedAt` is refused now. */
  note(drainedAt: Instant, now: Instant): void
  /** The commit of what was drained at that moment has ended well. */
  clear(drainedAt: Instant): void
  /** The process was stopped, or its clock was set, by so many milliseconds: that is no rest, and is handled by itself (H-37). */
  lapsed(ms: number): void
  /** True: nothing is to be decided, nor tried again. */
  isResting(now: Instant): boolean
  /** When the rest is over; undefined when no new one has begun since. */
  restsUntil(): Instant | undefined
  /** For how long until now messages may have been refused, in milliseconds, with no later commit that ended well. */
  deafMs(now: Instant): number
}

/**
 * How long the rest is, in milliseconds. Longer than heartbeatInterval, after which a host repeats what was refused: so the time in which it may not
 * have been heard has no gap. Origin: choice.
 */
const restMs = 5_000

export function noRefusals(): Refusals {
  let refusedAt: Instant | undefined
  let deafSince: Instant | undefined
  /** A refusal that seems later than now has rested: the clock was set back. */
  const isResting = (now: Instant) => refusedAt !== undefined && refusedAt <= now && now < refusedAt + restMs
  return {
    note(drainedAt, now) {
      // A rest is not extended: else a store that refuses now and then would stop all decisions.
      if (!isResting(now)) refusedAt = now
      deafSince ??= drainedAt
    },
    clear(drainedAt) {
      if (isResting(drainedAt)) deafSince = drainedAt
      else refusedAt = deafSince = undefined
    },
    lapsed(ms) {
      if (deafSince !== undefined) deafSince += ms
    },
    isResting,
    restsUntil: () => (refusedAt === undefined ? undefined : refusedAt + restMs),
    deafMs: (now) => (deafSince === undefined ? 0 : Math.max(0, now - deafSince)),
  }
}
