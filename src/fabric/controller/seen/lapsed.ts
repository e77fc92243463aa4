import { type Instant, moved } from '../../../kernel/instant.ts'
import { allSubjects } from '../state/restore.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/**
 * Hosts are heard first: whoever was not overdue by then has hostLostAfter from now, as after a restart. The balancer and instances that
 * settle are given the time in which this controller could not hear them (H-37).
 */
export function lapsed(state: FabricState, ms: number, now: Instant): ControllerStep {
  const { heard, readySince, leaving } = state.observed
  const afresh = (at: Instant) => (now < at + ms + state.facts.timers.hostLostAfter ? now : at + ms)
  const observed = observe(state, {
    heard: heard.map(afresh),
    readySince: readySince.map((at) => at + ms),
    leaving: leaving.map((one) => moved(one, ms, 'since')),
  })
  return { state: { ...observed, startedAt: afresh(state.startedAt) }, touched: allSubjects(state) }
}
