import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** From now on the instances are wanted to stop, or to have the new guest OS. An update that came meanwhile goes first (U-55). */
export function settleBeginServicing(
  state: FabricState,
  { deployment: id, step, reason }: ActionOf<'beginServicing'>,
  now: Instant,
): ControllerStep {
  const deployment = state.stored.deployment.get(id)
  const { cause } = step
  if (!deployment || deployment.servicing || deployment.update || deployment.upgrading) return { state, touched: [] }
  if ('host' in cause && state.derived.serviced !== cause.host) return { state, touched: [] }
  const kept = keep(state, put('deployment', id, { ...deployment, servicing: { ...step, begunAt: now, since: now } }))
  const moving = observe(kept, { unmoved: kept.observed.unmoved.delete(id) })
  return {
    state: noteDeployment(moving, now, deployment, 'ServicingBegins', reason),
    touched: [deploymentSubject(id)],
  }
}
