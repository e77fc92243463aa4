import {
  answeredPulse,
  type BalancerPulse,
  beaten,
  firstPulse,
  type HoldingFacts,
  holdingLookMs,
  pulseTimes,
  signOfLifeMs,
  type WhyNotHold,
  whyNotHold,
} from '../../fabric/contract/holding-vips.ts'
import type { SimulatedBalancer } from '../balancer.ts'
import { type SimulatedKeepalived, simulatedKeepalived } from './keepalived.ts'

/** A machine with a load balancer, and the process VipHolder, which says to keepalived whether it may have the VIPs. */
export interface VipMachine {
  readonly balancer: SimulatedBalancer
  readonly keepalived: SimulatedKeepalived
  /** Why it may not hold the VIPs; undefined: it may. */
  whyNot(): WhyNotHold | 'it has just begun' | 'it has no power' | undefined
  hasPower(): boolean
  /** As the last word of a controller was that has reached the machine. */
  isServiced(): boolean
  /** Does what is due by now. */
  goOn(): void
  dueAt(): number
}

interface Parts {
  readonly balancer: SimulatedBalancer
  readonly place: number
  now(): number
  hasPower(): boolean
  /** Whether another machine accepts or refuses a connection now. */
  hearsOthers(): boolean
  readonly isOnlyCandidate: boolean
  isServiced(): boolean
  advertise(priority: number): void
}

export function vipMachine(parts: Parts): VipMachine {
  const { balancer, now } = parts
  const keepalived = simulatedKeepalived(parts)
  const pulse = simulatedPulse(balancer, now)
  let heardAt = now()
  let why: ReturnType<VipMachine['whyNot']> = 'it has just begun'
  const turns = [
    { everyMs: pulseTimes.everyMs, take: pulse.beat },
    { everyMs: signOfLifeMs, take: () => void (parts.hearsOthers() && (heardAt = now())) },
    { everyMs: holdingLookMs, take: look },
  ].map((turn) => ({ ...turn, at: now() }))

  function look(): void {
    const facts: HoldingFacts = {
      now: now(),
      pulseUntil: pulse.until(),
      heardAt,
      hasOthers: true,
      isOnlyCandidate: parts.isOnlyCandidate,
      isServiced: parts.isServiced(),
    }
    why = whyNotHold(facts)
    keepalived.setMayHold(why === undefined)
  }

  function goOn(): void {
    const hasPower = parts.hasPower()
    for (const turn of turns) {
      if (now() < turn.at) continue
      turn.at = now() + turn.everyMs
      if (hasPower) turn.take()
    }
    if (hasPower) return keepalived.goOn()
    why = 'it has no power'
    keepalived.end()
  }

  return {
    balancer,
    keepalived,
    whyNot: () => why,
    hasPower: parts.hasPower,
    isServiced: parts.isServiced,
    goOn,
    dueAt: () => Math.min(...turns.map(({ at }) => at), keepalived.dueAt() ?? Number.POSITIVE_INFINITY),
  }
}

/** What the balancer says to its machine (machine/vips/pulse.ts). */
function simulatedPulse(
  balancer: SimulatedBalancer,
  now: () => number,
): { readonly beat: () => void; until(): number } {
  let until = 0
  let own: BalancerPulse | undefined
  /** From then on the answer of a controller is news. */
  let since = now()
  return {
    beat() {
      if (!balancer.runs()) own = undefined
      if (!balancer.runs() || balancer.isPaused()) return
      const before = own ?? firstPulse(until, now())
      const beat = beaten(before, now())
      if (own === undefined || before.isCurrent !== beat.isCurrent) since = now()
      own = balancer.heardAt() > since ? answeredPulse(beat) : beat
      if (own.isCurrent) until = now() + pulseTimes.goodForMs
    },
    until: () => until,
  }
}
