import type { Step } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Account } from '../../../service-model/diagnostics/account.ts'
import type { DiagnosticsConfiguration } from '../../../service-model/diagnostics/configuration.ts'
import type { DiagnosticsSubject } from './action.ts'
import { bufferNames, type DiagnosticsState } from './state.ts'

export type DiagnosticsMessage =
  /** Another configuration has arrived; `faults`: why it cannot be read, in which case the former one holds. */
  | {
      readonly kind: 'configured'
      readonly configuration?: DiagnosticsConfiguration | undefined
      readonly faults: readonly string[]
    }
  /** The settings name this account. */
  | { readonly kind: 'account'; readonly account: Account }
  /** The role has stopped for longer: all data is to be transferred, as far as possible. */
  | { readonly kind: 'end' }

export const everything: readonly DiagnosticsSubject[] = [...bufferNames, 'monitor']

export function receive(
  state: DiagnosticsState,
  message: DiagnosticsMessage,
  now: Instant,
): Step<DiagnosticsState, DiagnosticsSubject> {
  switch (message.kind) {
    case 'configured': {
      const { configuration = state.configuration, faults } = message
      return { state: { ...state, configuration, faults }, touched: everything }
    }
    case 'account':
      return { state: { ...state, account: message.account }, touched: everything }
    case 'end':
      return { state: ending(state, now), touched: everything }
  }
}

/** Everything is due once more, including what has failed. */
function ending(state: DiagnosticsState, now: Instant): DiagnosticsState {
  const buffers = bufferNames.map((name) => {
    const { failure, ...buffer } = state.buffers[name]
    return [name, { ...buffer, collectAt: now, looksAgain: true, failure: failure && { ...failure, retryAt: now } }]
  })
  return { ...state, ending: true, buffers: Object.fromEntries(buffers) as DiagnosticsState['buffers'] }
}
