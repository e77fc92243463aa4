import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { note } from '../history/events.ts'
import { succeeded } from '../history/operations.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { hostSubject } from '../subject.ts'

/** The operator may service the host now; the operation has succeeded. From here on hostRecoverBudget runs (H-16). */
export function declareDrained(
  state: FabricState,
  { host: name, reason }: ResolutionOf<'declareDrained'>,
  now: Instant,
): ControllerStep {
  const host = state.stored.host.get(name)
  if (!host?.drain) throw new Error(`the host ${name} is not to be drained`)
  const operation = state.stored.operation.get(host.drain.operation)
  const kept = keep(
    state,
    put('host', name, { ...host, drain: { ...host.drain, drainedAt: now } }),
    ...(operation ? [put('operation', operation.id, succeeded(operation, now))] : []),
  )
  const fresh = observe(kept, { unhealed: kept.observed.unhealed.delete(name) })
  return { state: note(fresh, now, { subject: name, kind: 'HostDrained', reason }), touched: [hostSubject(name)] }
}
