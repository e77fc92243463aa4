import type { Agent } from '../../kernel/agent.ts'
import type { W3svcAction } from './action.ts'
import { decide } from './decide.ts'
import { lapsed } from './lapsed.ts'
import { receive, type W3svcMessage, type W3svcSubject } from './receive.ts'
import { settle, type W3svcOutcome } from './settle.ts'
import type { W3svcState } from './state.ts'

/** W3SVC as pure functions: when processes of an application pool start, take turns and end (I-23 to I-26). */
export const w3svc: Agent<W3svcState, W3svcMessage, W3svcSubject, W3svcAction, W3svcOutcome> = {
  receive,
  decide,
  settle,
  lapsed,
  about: (message) => (message.kind === 'configured' ? undefined : message.pool),
  setAside: (state) => ({ state, touched: [] }),
}
