/** Who of several machines may hold the VIPs (docs/decisions/several-machines.md, "Network"). Moments are of a machine's monotonic clock, in milliseconds. */

/** How often a balancer says that it serves, and for how long it is believed, in milliseconds. Origin: choice; the VIPs leave a hung balancer within 1.5 s. */
export const pulseTimes = { everyMs: 250, goodForMs: 1_000 } as const

/** A balancer that comes back so soon has missed nothing that a stop did not wait for (fabric/controller/rotation/balancers.ts). Origin: two polls. */
const goesOnWithinMs = 5_000

/** The longest silence of all others, in milliseconds (docs/decisions/several-machines.md, "Network"). */
const silentMs = 1_500

/** How often a machine asks itself whether it may hold the VIPs, in milliseconds: one that is cut off has lost them within 2 s. */
export const holdingLookMs = 200

/** How often, in milliseconds, a machine asks others for a sign of life. Origin: choice; one lost packet does no harm. */
export const signOfLifeMs = 400

/** What a balancer knows of itself. */
export interface BalancerPulse {
  /** What it serves is what a controller knows. */
  readonly isCurrent: boolean
  /** When it last looked at itself. */
  readonly beatAt: number
}

/** Of a run that begins: it goes on where the former run said, until `formerUntil`, that it serves; else a controller has to answer it first. */
export function firstPulse(formerUntil: number, now: number): BalancerPulse {
  // The clock begins anew with the computer, and the word of the former run outlives it.
  const isOfThisStart = formerUntil <= now + pulseTimes.goodForMs
  return { isCurrent: isOfThisStart && now < formerUntil + goesOnWithinMs, beatAt: now }
}

/** At its next look at itself: one that was stopped for longer than it is believed may have an old table. */
export function beaten({ isCurrent, beatAt }: BalancerPulse, now: number): BalancerPulse {
  return { isCurrent: isCurrent && now - beatAt <= pulseTimes.goodForMs, beatAt: now }
}

/** A controller has answered it. */
export function answeredPulse(pulse: BalancerPulse): BalancerPulse {
  return { ...pulse, isCurrent: true }
}

/** What a machine knows when it asks itself whether it may hold the VIPs. */
export interface HoldingFacts {
  readonly now: number
  /** So long the last word of its balancer is good; 0: there was none. */
  readonly pulseUntil: number
  /** When another machine last accepted or refused a connection. */
  readonly heardAt: number
  /** Whether the fabric has other machines. */
  readonly hasOthers: boolean
  /** No other machine has a controller: without this one the others are told nothing. */
  readonly isOnlyCandidate: boolean
  /** Its host is drained, or being drained. */
  readonly isServiced: boolean
}

/** The end of a sentence. */
export type WhyNotHold = 'it is being serviced' | 'it hears no other machine' | 'its load balancer does not serve'

/** Why this machine may not hold the VIPs; undefined: it may. With nobody to take them a serviced machine keeps them. */
export function whyNotHold(facts: HoldingFacts): WhyNotHold | undefined {
  const { now, pulseUntil, hasOthers, isServiced } = facts
  if (hasOthers && isServiced) return 'it is being serviced'
  if (!isInTouch(facts)) return 'it hears no other machine'
  const isGood = pulseUntil > now && pulseUntil <= now + pulseTimes.goodForMs
  return isGood ? undefined : 'its load balancer does not serve'
}

/** A machine that hears nobody is cut off, unless there is no other, or it is the only candidate. */
function isInTouch({ now, heardAt, hasOthers, isOnlyCandidate }: HoldingFacts): boolean {
  return !hasOthers || isOnlyCandidate || now - heardAt < silentMs
}
