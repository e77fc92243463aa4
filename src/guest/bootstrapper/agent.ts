import type { Agent, Step } from '../../kernel/agent.ts'
import type { BootstrapperAction } from './actions.ts'
import { advance } from './advance.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { type BootstrapperMessage, fold } from './receive.ts'
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
  receive: (state, message, now) => touched(advance(fold(state, message, now), now)),
  decide,
  settle: (state, action, outcome, now) => touched(advance(applyOutcome(state, action, outcome, now), now)),
  lapsed: (state, ms, now) => touched(advance(lapsed(state, ms), now)),
  about: () => 'role',
  setAside: (state, _subject, thrown) => ({ state: { ...state, thrown }, touched: [] }),
}

function touched(state: BootstrapperState): Step<BootstrapperState, BootstrapperSubject> {
  return { state, touched: ['role'] }
}
