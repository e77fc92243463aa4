import type { Step } from '../../../kernel/agent.ts'
import type { DiagnosticsConfiguration } from '../../../service-model/diagnostics/configuration.ts'
import type { Account } from './account.ts'
import type { DiagnosticsSubject } from './action.ts'
import { bufferNames, type DiagnosticsState } from './state.ts'

export type DiagnosticsMessage =
  /** Another configuration has come; `faults`: why it cannot be read, in which case the former one holds. */
  | {
      readonly kind: 'configured'
      readonly configuration?: DiagnosticsConfiguration | undefined
      readonly faults: readonly string[]
    }
  /** The settings name this account. */
  | { readonly kind: 'account'; readonly account: Account }

export const everything: readonly DiagnosticsSubject[] = [...bufferNames, 'monitor']

export function receive(
  state: DiagnosticsState,
  message: DiagnosticsMessage,
): Step<DiagnosticsState, DiagnosticsSubject> {
  switch (message.kind) {
    case 'configured': {
      const { configuration = state.configuration, faults } = message
      return { state: { ...state, configuration, faults }, touched: everything }
    }
    case 'account':
      return { state: { ...state, account: message.account }, touched: everything }
  }
}
