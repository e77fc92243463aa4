import type { Timers } from '../../kernel/timers.ts'

/**
 * Whether `part` machines of `all`, which reach one another and no master, have to take themselves for cut off (H-38): one alone, and fewer than half.
 * Hosts stop their guests by it, and a controller starts elsewhere by it what ran on hosts that are away: where they may run on, it does not.
 */
export function isCutOff(part: number, all: number): boolean {
  return part === 1 || 2 * part < all
}

/** A machine that has heard a master by no more than this later than we did has heard none since: hosts are heard in turn. In heartbeats. */
const turnHeartbeats = 4

/**
 * The same answers are needed twice, so long apart: a master may have come back a moment ago, and a question of ours may still wait for one that was
 * lost. In heartbeats.
 */
const secondAskHeartbeats = 4

/** In milliseconds. */
export function turnMs({ heartbeatInterval }: Timers): number {
  return turnHeartbeats * heartbeatInterval
}

/** In milliseconds. */
export function secondAskMs({ heartbeatInterval }: Timers): number {
  return secondAskHeartbeats * heartbeatInterval
}

/** When the others are asked first, so that the second answer comes at hostIsolatedAfter: in milliseconds after the last answer of a master. */
export function firstAskMs(timers: Timers): number {
  return Math.max(timers.hostIsolatedAfter / 2, timers.hostIsolatedAfter - secondAskMs(timers))
}
