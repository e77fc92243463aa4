import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import type { Due } from '../due.ts'
import { drop, keep } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** How long ended operations are stored (O-6). */
const operationsKeptMs = 90 * 86_400_000

/** How often old ones are looked for. */
const lookAgainMs = 3_600_000

/** Operations that ended long ago: nobody asks for them. */
export function forgetHistory(state: FabricState, now: Instant): Due {
  const expired = [...state.stored.operation.values()].filter(
    ({ completedAt }) => completedAt !== undefined && completedAt + operationsKeptMs < now,
  )
  const wakeAt = now + lookAgainMs
  if (expired.length === 0) return { actions: [], wakeAt }
  const operations = expired.map(({ id }) => id)
  const reason = 'the operations ended more than 90 days ago'
  return { actions: [{ kind: 'forgetHistory', key: 'forgetHistory', reason, operations }], wakeAt }
}

export function historyForgotten(state: FabricState, { operations }: ResolutionOf<'forgetHistory'>): ControllerStep {
  return { state: keep(state, ...operations.map((id) => drop('operation', id))), touched: [] }
}
