import type { Instant } from '../../../kernel/instant.ts'
import { own } from '../../../kernel/own.ts'
import { party } from '../../contract/paths.ts'
import type { RotationReport } from '../../contract/rotation.ts'
import type { FabricFacts } from '../state/facts.ts'
import type { Balancer, FabricState } from '../state/state.ts'

/**
 * Whether all load balancers that live serve at least that version of the table, and one does at all. A balancer that is gone serves nobody, so that
 * what it served last does not count beside others.
 */
export function isAcknowledged(state: FabricState, version: number): boolean {
  const count = balancersThatCount(state)
  return count.length > 0 && count.every((balancer) => acknowledges(state, balancer, version))
}

/** Whether no http request is in flight any more at a draining instance, at any balancer that lives. */
export function isDrained(state: FabricState, instance: string): boolean {
  const count = balancersThatCount(state)
  return count.length > 0 && count.every(({ report }) => report?.drained.includes(instance) ?? false)
}

/**
 * Whether some balancer's probe holds the instance out. The others may still lead to it; but only one of them has the VIPs, which one is not known
 * here, and who may get nothing is not in rotation.
 */
export function isProbedOut(state: FabricState, instance: string): boolean {
  return reportsThatCount(state).some(({ probedOut }) => own(probedOut, instance) !== undefined)
}

/** The last reports of the balancers that live, by name; when none lives, of those that did. */
export function reportsThatCount(state: FabricState): readonly RotationReport[] {
  return balancersThatCount(state).flatMap(({ report }) => report ?? [])
}

/**
 * How long after its last poll a balancer may still be serving, so that stops wait for it, in milliseconds. The only one serves nobody when it has
 * gone. One of several may be cut off from here and keep the VIPs for a while, or may have missed an answer: it has asked again by then, or is no more.
 */
export function goneAfterMs({ timers }: FabricFacts, balancer: string, hasHungUp: boolean): number {
  if (balancer !== party.loadBalancer) return silentMs(timers)
  return hasHungUp ? 0 : timers.rotationOutLimit
}

/** Until when a balancer may be serving that has not asked this master yet. The only one of a fabric asks when it serves. */
export function unheardUntil({ facts, startedAt }: FabricState): Instant {
  return facts.severalMachines ? startedAt + silentMs(facts.timers) : startedAt
}

/** The longest poll, what the balancer waits for its answer (machine/load-balancer/controller-link.ts), and the way. */
function silentMs({ heartbeatInterval, rotationOutLimit }: FabricFacts['timers']): number {
  return 3 * heartbeatInterval + rotationOutLimit
}

function balancersThatCount({ observed: { balancers } }: FabricState): readonly Balancer[] {
  const [first, ...others] = balancers.values()
  // The usual case, on one machine.
  if (others.length === 0) return first ? [first] : []
  const known = [...balancers].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, balancer]) => balancer)
  const living = known.filter(({ polling }) => polling)
  return living.length > 0 ? living : known
}

function acknowledges({ observed }: FabricState, { report }: Balancer, version: number): boolean {
  const acknowledged = report?.acknowledged ?? 0
  // A version of another master is no answer to this one.
  return acknowledged >= version && acknowledged <= observed.rotation.version
}
