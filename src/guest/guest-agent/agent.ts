import type { Agent, Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { GuestAction } from './action.ts'
import { advance } from './advance.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { fold, type GuestMessage } from './receive.ts'
import { applyOutcome, type GuestOutcome } from './settle.ts'
import type { GuestAgentState } from './state.ts'

/** A guest agent has one guest, and so one subject. */
export type GuestSubject = 'guest'

/** WindowsAzureGuestAgent as pure functions: it sets the guest up, holds the host stack in its goal state and reports (F-12 to F-15). */
export const guestAgent: Agent<GuestAgentState, GuestMessage, GuestSubject, GuestAction, GuestOutcome> = {
  receive: (state, message, now) => touched(fold(state, message, now), now),
  decide,
  settle: (state, action, outcome, now) => touched(applyOutcome(state, action, outcome, now), now),
  lapsed: (state, ms, now) => touched(lapsed(state, ms), now),
  about: () => 'guest',
  setAside: (state, _subject, thrown) => ({ state: { ...state, thrown }, touched: ['guest'] }),
}

function touched(state: GuestAgentState, now: Instant): Step<GuestAgentState, GuestSubject> {
  return { state: advance(state, now), touched: ['guest'] }
}
