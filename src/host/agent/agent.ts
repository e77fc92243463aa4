import type { Agent } from '../../kernel/agent.ts'
import type { HostAction, HostOutcome } from './actions.ts'
import { decide } from './decide.ts'
import type { HostMessage, HostSubject } from './messages.ts'
import { receive } from './receive.ts'
import { settle } from './settle.ts'
import type { HostState } from './state.ts'

/**
 * The Host Agent: from the controller's goal and the guests' reports to what is to be done on this host (F-8 to F-10).
 *
 * A container goes: Preparing (package comes) → created → started ⇄ stopped → removed. What runs is in its record; what is
 * wanted is in the goal; `intent.ts` compares the two.
 */
export const hostAgent: Agent<HostState, HostMessage, HostSubject, HostAction, HostOutcome> = {
  receive,
  decide,
  settle,
}
