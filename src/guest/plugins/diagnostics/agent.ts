import type { Agent } from '../../../kernel/agent.ts'
import type { DiagnosticsAction, DiagnosticsSubject } from './action.ts'
import { decide } from './decide.ts'
import { type DiagnosticsMessage, receive } from './receive.ts'
import { type DiagnosticsOutcome, settle } from './settle.ts'
import type { DiagnosticsState } from './state.ts'

/** DiagnosticsAgent as pure functions: it collects into buffers, limits them to their quotas, and transfers them (P-14). */
export const diagnosticsAgent: Agent<
  DiagnosticsState,
  DiagnosticsMessage,
  DiagnosticsSubject,
  DiagnosticsAction,
  DiagnosticsOutcome
> = {
  receive,
  decide,
  settle,
  setAside: (state) => ({ state, touched: [] }),
}
