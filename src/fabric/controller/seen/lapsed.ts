import { type Instant, moved } from '../../../kernel/instant.ts'
import { allSubjects } from '../state/restore.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/**
 * Hosts are heard first: whoever was not overdue by then has hostLostAfter from now, as after a restart. The balancer and instances that
 * settle are given the time in which this controller could not hear them (H-37).
 */
export function lapsed(state: FabricState, ms: number, now: Instant): ControllerStep {
  return moveAll(state, ms, (at) => (now < at + ms + state.facts.timers.hostLostAfter ? now : at + ms))
}

/**
 * Hosts, too, are given that time and no more: what was refused they say again with their next heartbeat, and a store that refuses
 * now and then would otherwise keep a dead host alive for as long as it does (H-37).
 */
export function unheard(state: FabricState, ms: number): ControllerStep {
  return moveAll(state, ms, (at) => at + ms)
}

function moveAll(state: FabricState, ms: number, ofHost: (at: Instant) => Instant): ControllerStep {
  const { heard, readySince, leaving } = state.observed
  const observed = observe(state, {
    heard: heard.map(ofHost),
    readySince: readySince.map((at) => at + ms),
    leaving: leaving.map((one) => moved(one, ms, 'since')),
  })
  return { state: { ...observed, startedAt: ofHost(state.startedAt) }, touched: allSubjects(state) }
}
