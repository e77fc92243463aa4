import type { Agent, Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { BootstrapperAction } from './action.ts'
import { advance } from './advance.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { type BootstrapperMessage, fold } from './receive.ts'
import { dated } from './report.ts'
import { applyOutcome, type BootstrapperOutcome } from './settle.ts'
import type { BootstrapperState } from './state.ts'

/** A bootstrapper has one role, and so one subject. */
export type BootstrapperSubject = 'role'

/** WaHostBootstrapper as pure functions: it runs a role's startup tasks and host process, and watches them (F-16 to F-18). */
export const bootstrapper: Agent<
  BootstrapperState,
  BootstrapperMessage,
  BootstrapperSubject,
  BootstrapperAction,
  BootstrapperOutcome
> = {
  receive: (state, message, now) => step(state, fold(state, message, now), now),
  decide,
  settle: (state, action, outcome, now) => step(state, applyOutcome(state, action, outcome, now), now),
  lapsed: (state, ms, now) => step(state, lapsed(state, ms), now),
  about: () => 'role',
  setAside: (state, _subject, thrown, now) => ({ state: dated(state, { ...state, thrown }, now), touched: [] }),
}

function step(
  before: BootstrapperState,
  after: BootstrapperState,
  now: Instant,
): Step<BootstrapperState, BootstrapperSubject> {
  return { state: dated(before, advance(after, now), now), touched: ['role'] }
}
