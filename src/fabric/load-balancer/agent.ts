import type { Agent } from '../../kernel/agent.ts'
import { withThrown } from '../../kernel/thrown.ts'
import type { BalancerAction, Message, Outcome, Subject } from './action.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { receive } from './receive.ts'
import { settle } from './settle.ts'
import type { BalancerState } from './state.ts'

/** The thinking part of the load balancer: which members are served, when to look at them, what to report. */
export const balancerAgent: Agent<BalancerState, Message, Subject, BalancerAction, Outcome> = {
  receive,
  decide,
  settle,
  lapsed,
  about: (message) => (message.kind === 'table' ? 'rotation' : 'report'),
  setAside: (state, subject, threw) => ({
    state: { ...state, thrown: withThrown(state.thrown, subject, 'decision', threw) },
    touched: subject === 'report' ? [] : ['report'],
  }),
}
