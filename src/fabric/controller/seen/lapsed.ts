import { type Instant, moved } from '../../../kernel/instant.ts'
import { allSubjects } from '../state/restore.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/**
 * Hosts are heard first: a host that was not overdue by then has hostLostAfter from now, as after a restart. The balancer and instances that settle
 * are given the time in which this controller could not hear them, and so is what counts from a stored moment (H-37).
 */
export function lapsed(state: FabricState, ms: number, now: Instant): ControllerStep {
  const { movedMs } = state.observed
  const moved = moveAll(state, ms, (at) => (now < at + ms + state.facts.timers.hostLostAfter ? now : at + ms))
  return { ...moved, state: observe(moved.state, { movedMs: movedMs + ms }) }
}

/**
 * Hosts, too, get that time and no more. They repeat what was refused with their next heartbeat. With more time, a store that refuses now and then
 * would make a dead host look alive (H-37).
 */
export function unheard(state: FabricState, ms: number): ControllerStep {
  return moveAll(state, ms, (at) => at + ms)
}

function moveAll(state: FabricState, ms: number, ofHost: (at: Instant) => Instant): ControllerStep {
  const { heard, signs, foundOut, returnedAt, readySince, leaving } = state.observed
  const observed = observe(state, {
    heard: heard.map(ofHost),
    // Of the true ones only the clock is another.
    signs: signs.map((sign) => moved(sign, ms, 'at', 'reportAt', 'reportsSince')),
    foundOut: foundOut.map((at) => at + ms),
    returnedAt: returnedAt === undefined ? undefined : returnedAt + ms,
    readySince: readySince.map((at) => at + ms),
    leaving: leaving.map((one) => moved(one, ms, 'since')),
  })
  return { state: { ...observed, startedAt: ofHost(state.startedAt) }, touched: allSubjects(state) }
}
