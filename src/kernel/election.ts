import type { Instant } from './instant.ts'

/**
 * How long a lease lives without a renewal, how often its holder renews it, and how often all others look whether there is one, in milliseconds.
 * Origin: decisions/several-machines.md; measured: who looks so often needs no watch, and a resigned master is replaced within a second.
 */
export const electionTimes = { leaseMs: 5_000, renewEveryMs: 1_000, lookEveryMs: 250 } as const

/** By how much the clocks of two machines may differ in their course during a lease, in milliseconds. Origin: choice. */
const courseMs = 250

/** After how long a silent store counts as one without quorum, in milliseconds. Origin: choice; a command is answered within 3 s, and etcd elects a new leader within 2. */
export const storeSilenceMs = 2_000

/**
 * The lease of the candidate that is elected. Moments are of a clock that is never set, and that goes on while the process is stopped. The lease
 * decides only who opens the store; what fences is the epoch.
 */
export interface Lease {
  readonly name: string
  /** Until then nobody else can have it. */
  readonly sureUntil: Instant
}

/** Granted, or renewed, when it was asked for at that moment: the store counts from a later one. */
export function leaseAskedAt(name: string, askedAt: Instant): Lease {
  return { name, sureUntil: askedAt + electionTimes.leaseMs - courseMs }
}

/**
 * True: no other candidate can be master now, so what its holder has committed is the newest. To be asked when an answer is given, not only when the
 * call comes: between the two the process may have been stopped, and another may have taken over. A holder that is not sure any more does not renew
 * either, and ends: where its requests arrive and no answer comes back it would else be master for ever, and answer nobody.
 */
export function isSure({ sureUntil }: Lease, now: Instant): boolean {
  return now < sureUntil
}
