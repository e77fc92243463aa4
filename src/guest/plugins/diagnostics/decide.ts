import type { Decision } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { together } from '../../../kernel/together.ts'
import type { BufferQuestion, DiagnosticsAction, DiagnosticsSubject } from './action.ts'
import { collect } from './decide/collect.ts'
import { dropOldest, dropSent } from './decide/drop.ts'
import { end } from './decide/end.ts'
import { poll } from './decide/poll.ts'
import { tell } from './decide/tell.ts'
import { transfer } from './decide/transfer.ts'
import type { DiagnosticsState } from './state.ts'

/** Room is made before more is collected. */
const ofBuffer: readonly BufferQuestion[] = [dropSent, transfer, collect]
const ofMonitor = [dropOldest, tell, poll, end]

export function decide(
  state: DiagnosticsState,
  subject: DiagnosticsSubject,
  now: Instant,
): Decision<DiagnosticsAction> {
  if (subject === 'monitor') return together(ofMonitor.map((question) => () => question(state, now)))
  return together(ofBuffer.map((question) => () => question(state, subject, now)))
}
