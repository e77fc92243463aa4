import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { atStep } from './step.ts'

/** From now on the target is wanted of the domain's instances: they leave rotation and stop together (U-14, H-27). */
export function beginDomain(state: FabricState, action: ResolutionOf<'beginDomain'>, now: Instant): ControllerStep {
  const deployment = atStep(state, action.deployment)
  const update = { ...deployment.update, state: 'During' as const, since: now }
  const kept = keep(state, put('deployment', deployment.id, { ...deployment, update }))
  return {
    state: noteDeployment(kept, now, deployment, 'DomainBegins', action.reason),
    touched: [deploymentSubject(deployment.id)],
  }
}
