import { setTimeout as delay } from 'node:timers/promises'

/** Longest wait for anything in a test, on a machine with two busy cores. */
const deadlineMs = 60_000
/** The rest between two looks: twice what a look takes, since one that runs a program would keep a processor from what is waited for. */
const rest = { least: 20, share: 2, most: 1_000 } as const

/** Resolves when the condition holds. Rejects after a minute, naming what was waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = String(holds),
  limitMs = deadlineMs,
): Promise<void> {
  const deadline = Date.now() + limitMs
  for (let began = Date.now(); !(await holds()); began = Date.now()) {
    const now = Date.now()
    if (now > deadline) throw new Error(`Not within ${limitMs / 1_000} s: ${what}`)
    await delay(Math.min(rest.most, Math.max(rest.least, rest.share * (now - began))))
  }
}
