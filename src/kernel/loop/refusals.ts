import type { Instant } from '../instant.ts'

/** What a loop remembers of commits that were refused. */
export interface Refusals {
  /** The commit of what was drained at `drainedAt` is refused now. */
  note(drainedAt: Instant, now: Instant): void
  /** The commit of what was drained at that moment has ended well. */
  clear(drainedAt: Instant): void
  /** The process was stopped, or its clock was set, by so many milliseconds: that is no rest, and is told by itself (H-37). */
  lapsed(ms: number): void
  /** True: nothing is to be decided, nor tried again. */
  isResting(now: Instant): boolean
  /** When the rest is over; undefined when none was begun since it was over. */
  restsUntil(): Instant | undefined
  /** For how long until now somebody may have spoken who was refused, in milliseconds, as far as no commit has ended well since. */
  deafMs(now: Instant): number
}

/**
 * How long the rest is, in milliseconds. Longer than heartbeatInterval, after which a host says again what was refused: so the time in
 * which it may not have been heard has no gap. Origin: choice.
 */
const restMs = 5_000

export function noRefusals(): Refusals {
  let refusedAt: Instant | undefined
  let deafSince: Instant | undefined
  /** Who seems to have been refused later than now has rested: the clock was set back. */
  const isResting = (now: Instant) => refusedAt !== undefined && refusedAt <= now && now < refusedAt + restMs
  return {
    note(drainedAt, now) {
      // A rest is not extended: else a store that refuses now and then would stop all decisions for as long as it does so.
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
