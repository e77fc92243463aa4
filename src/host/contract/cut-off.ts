import type { Timers } from '../../kernel/timers.ts'

/**
 * Whether `part` machines of `all`, which reach one another and no master, have to take themselves for cut off (H-38): one alone, and fewer than half.
 * Hosts stop their guests by it, and a controller starts elsewhere by it what ran on hosts that are away: where they may run on, it does not.
 */
export function isCutOff(part: number, all: number): boolean {
  return part === 1 || 2 * part < all
}

/**
 * In milliseconds: a machine that has heard a master by no more than this later than we did has heard none since, as hosts are heard in turn. Four
 * heartbeats, and no more than leaves time to find out before hostIsolatedAfter, but two: hosts whose way is cut at once may last have been answered a
 * heartbeat apart.
 */
export function turnMs({ heartbeatInterval, hostIsolatedAfter }: Timers): number {
  return Math.max(2 * heartbeatInterval, Math.min(4 * heartbeatInterval, hostIsolatedAfter / 4))
}

/** In milliseconds: while no master lives the others are asked so often. */
export function askAgainMs(timers: Timers): number {
  return turnMs(timers) / 2
}

/**
 * When the others are asked first, in milliseconds after the last answer of a master: their answers are needed twice, a turn apart, at hostIsolatedAfter.
 * A master may have come back a moment ago, and a question of ours may still wait for one that was lost.
 */
export function firstAskMs(timers: Timers): number {
  return timers.hostIsolatedAfter - turnMs(timers)
}
