import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { inServicing } from './in-servicing.ts'

/** The step is over. An update that waited for it has all of its time from now on (U-55). */
export function endServicing(
  state: FabricState,
  { deployment: id, reason }: ResolutionOf<'endServicing'>,
  now: Instant,
): ControllerStep {
  const deployment = inServicing(state, id)
  const { cause } = deployment.servicing
  const update = deployment.update && { ...deployment.update, since: now }
  const kept = keep(state, put('deployment', id, { ...deployment, servicing: undefined, update }))
  return {
    state: noteDeployment(kept, now, deployment, 'ServicingEnded', reason),
    touched: [deploymentSubject(id), ...('host' in cause ? [hostSubject(cause.host)] : [])],
  }
}
