import type { Decision } from '../../../../kernel/agent.ts'
import type { DiagnosticsAction } from '../action.ts'
import { type DiagnosticsState, troubleOf } from '../state.ts'

/** Problems are in the details of the instance for as long as they last (P-12, T-7). */
export function tell(state: DiagnosticsState): Decision<DiagnosticsAction> {
  const trouble = troubleOf(state)
  if (trouble === state.told) return { actions: [] }
  return { actions: [{ kind: 'tell', key: 'tell', reason: trouble || 'Nothing is wrong any more.', trouble }] }
}
