import { randomBytes, randomUUID } from 'node:crypto'
import type { Chance, Clock } from './facilities.ts'

/** Longest delay that a Node timer takes; the caller reaches a later moment in several steps. */
const longestDelayMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: Date.now,
  schedule(at, wake) {
    const timer = setTimeout(wake, Math.min(longestDelayMs, Math.max(0, at - Date.now())))
    return () => clearTimeout(timer)
  },
}

export const systemChance: Chance = {
  hex32: () => randomBytes(16).toString('hex'),
  guid: randomUUID,
}
