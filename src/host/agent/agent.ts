import type { Agent, Step } from '../../kernel/agent.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { containerSubject, type HostMessage, type HostSubject } from './message.ts'
import { receive } from './receive.ts'
import { thrownIn } from './set-aside.ts'
import { settle } from './settle.ts'
import { allSubjects, type HostState } from './state.ts'

/**
 * The Host Agent: from the controller's goal and the guests' reports to what is to be done on this host (F-8 to F-10).
 *
 * A container goes: Preparing (package comes) → created → started ⇄ stopped → removed. What runs is in its record; what is
 * wanted is in the goal; `intent.ts` compares the two.
 */
export const hostAgent: Agent<HostState, HostMessage, HostSubject, HostAction, HostOutcome> = {
  receive: (state, message, now) => counted(receive(state, message, now)),
  decide,
  settle: (state, action, outcome, now) => counted(settle(state, action, outcome, now)),
  lapsed: (state, ms) => counted({ state: lapsed(state, ms), touched: allSubjects(state) }),
  // Guests are heard in a rest too, since what they say is not stored; what was refused with something else they say again, long before
  // anybody is judged by their silence.
  unheard: (state) => ({ state, touched: [] }),
  // What it tells is not stored, and a host that can store nothing must be heard of.
  speaks: (subject) => subject === 'host',
  about: (message) => ('containerId' in message ? containerSubject(message.containerId) : aboutOthers(message)),
  setAside: (state, subject, threw) =>
    counted({ state: thrownIn(state, subject, 'decision', threw), touched: subject === 'host' ? [] : ['host'] }),
}

function aboutOthers(message: HostMessage): HostSubject {
  return message.kind === 'health' ? containerSubject(message.health.containerId) : 'host'
}

/** Whatever is news gives the reports after it a higher number than those that are on their way. */
function counted({ state, touched }: Step<HostState, HostSubject>): Step<HostState, HostSubject> {
  if (touched.length === 0) return { state, touched }
  return { state: { ...state, reporting: { ...state.reporting, news: state.reporting.news + 1 } }, touched }
}
