import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { decidedAbout } from '../state/find.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'

/** From now on the instances should stop, or have the new guest OS. An update that came meanwhile goes first (U-55). */
export function beginServicing(
  state: FabricState,
  { deployment: id, step, reason }: ResolutionOf<'beginServicing'>,
  now: Instant,
): ControllerStep {
  const deployment = decidedAbout(state, id)
  const kept = keep(state, put('deployment', id, { ...deployment, servicing: { ...step, begunAt: now, since: now } }))
  const moving = observe(kept, { unmoved: kept.observed.unmoved.delete(id) })
  return {
    state: noteDeployment(moving, now, deployment, 'ServicingBegins', reason),
    // If its instances are stopped already, there may be nothing else to wait for.
    touched: [deploymentSubject(id), ...('host' in step.cause ? [hostSubject(step.cause.host)] : [])],
  }
}
