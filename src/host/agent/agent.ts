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
 * The Host Agent: from the controller's goal and the guests' reports it decides what to do on this host (F-8 to F-10).
 *
 * A container goes: Preparing (package comes) → created → started ⇄ stopped → removed. Its record has what runs; the goal has what is wanted;
 * `intent.ts` compares the two.
 */
export const hostAgent: Agent<HostState, HostMessage, HostSubject, HostAction, HostOutcome> = {
  receive: (state, message, now) => counted(receive(state, message, now)),
  decide,
  settle: (state, action, outcome, now) => counted(settle(state, action, outcome, now)),
  lapsed: (state, ms) => counted({ state: lapsed(state, ms), touched: allSubjects(state) }),
  // Guests are heard in a rest too, since their reports are not stored. A report refused with something else is repeated, long before
  // their silence counts.
  unheard: (state) => ({ state, touched: [] }),
  // Its reports are not stored, and a host that can store nothing must still be heard.
  speaks: (subject) => subject === 'host',
  about: (message) => ('containerId' in message ? containerSubject(message.containerId) : aboutOthers(message)),
  setAside: (state, subject, threw) =>
    counted({ state: thrownIn(state, subject, 'decision', threw), touched: subject === 'host' ? [] : ['host'] }),
}

function aboutOthers(message: HostMessage): HostSubject {
  return message.kind === 'health' ? containerSubject(message.health.containerId) : 'host'
}

/** After any news, reports get a higher number than those on their way. */
function counted({ state, touched }: Step<HostState, HostSubject>): Step<HostState, HostSubject> {
  if (touched.length === 0) return { state, touched }
  return { state: { ...state, reporting: { ...state.reporting, news: state.reporting.news + 1 } }, touched }
}
