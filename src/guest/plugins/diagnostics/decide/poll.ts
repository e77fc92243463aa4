import type { Decision } from '../../../../kernel/agent.ts'
import type { Instant } from '../../../../kernel/instant.ts'
import type { DiagnosticsAction } from '../action.ts'
import type { DiagnosticsState } from '../state.ts'

/** The configuration in the control container, which an operator changes while the role runs (P-13). */
export function poll({ configuration, account, pollAt }: DiagnosticsState, now: Instant): Decision<DiagnosticsAction> {
  if (configuration.pollIntervalMs === 0 || account.kind === 'none') return { actions: [] }
  if (now < pollAt) return { actions: [], wakeAt: pollAt }
  return { actions: [{ kind: 'poll', key: 'poll', reason: 'The control container may have another configuration.' }] }
}
