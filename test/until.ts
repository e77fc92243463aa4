import { setTimeout as delay } from 'node:timers/promises'

/** Longest wait for anything in a test, on a machine with two busy cores. */
const deadlineMs = 60_000
const pollMs = 20

/** Resolves when the condition holds. Rejects after a minute, naming what was waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = String(holds),
  limitMs = deadlineMs,
): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await holds()); await delay(pollMs))
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s: ${what}`)
}
