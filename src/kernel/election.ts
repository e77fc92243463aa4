import type { Instant } from './instant.ts'

/**
 * Times of the election, in milliseconds: how long the lease lives without a renewal, how often its holder renews it, how often the others look
 * whether there is one. Origin: decisions/several-machines.md; measured: who looks so often needs no watch.
 */
export const electionTimes = { leaseMs: 5_000, renewEveryMs: 1_000, lookEveryMs: 250 } as const

/** How long a master lets a caller wait for a store that does not answer, in milliseconds. Origin: issue 13, 503 within 3 s. */
export const storeSilenceMs = 2_500

/** A lease that was granted to this candidate. */
export interface Held {
  readonly lease: string
  /** When the last request that the store has answered was sent: the lease lives at least `leaseMs` from then on. */
  readonly sureSince: Instant
}

/**
 * The part of one candidate in the election. Moments are of a clock that is never set, and that goes on while the process is stopped. The lease
 * decides only who opens the store; what fences is the epoch.
 */
export interface Candidacy {
  /** Undefined: it stands by. */
  readonly held?: Held | undefined
  /** URL or name of the master, as the store said last. */
  readonly master?: string | undefined
}

export const standingBy: Candidacy = {}

/** How long until it asks the store again, in milliseconds: for its lease to be renewed, or whether another has one. */
export function asksAgainAfterMs({ held }: Candidacy): number {
  return held ? electionTimes.renewEveryMs : electionTimes.lookEveryMs
}

/**
 * What it asks the store: to renew its lease, or only who is master. One that is not sure any more only looks, and renews when it hears that it still
 * is: where its requests arrive and no answer comes back, it would else be master for ever and answer nobody.
 */
export function asksFor(candidacy: Candidacy, now: Instant): 'renewal' | 'master' {
  return isSurelyMaster(candidacy, now) ? 'renewal' : 'master'
}

/** The store has granted the lease, or renewed it; the request was sent at that moment. */
export function assured(candidacy: Candidacy, lease: string, sentAt: Instant): Candidacy {
  const { held } = candidacy
  return { ...candidacy, held: { lease, sureSince: Math.max(sentAt, held?.lease === lease ? held.sureSince : sentAt) } }
}

/**
 * True: no other candidate can be master now, so what this one has committed is the newest. To be asked when an answer is given, not only when the
 * call comes: between the two the process may have been stopped, and another may have taken over.
 */
export function isSurelyMaster({ held }: Candidacy, now: Instant): boolean {
  return held !== undefined && now < held.sureSince + electionTimes.leaseMs
}
