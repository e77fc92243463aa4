import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { leave } from '../rotation/leave.ts'
import { takeOut } from '../rotation/take-out.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { atStep } from './step.ts'

/**
 * From now on the domain's instances are to have the target: they leave rotation and stop together (U-14, H-27). They drain with this commit, and do
 * not wait for another.
 */
export function beginDomain(
  state: FabricState,
  action: Pick<ResolutionOf<'beginDomain'>, 'deployment' | 'reason'>,
  now: Instant,
): ControllerStep {
  const deployment = atStep(state, action.deployment)
  const update = { ...deployment.update, state: 'During' as const, since: now }
  const begun = { ...deployment, update }
  const kept = keep(state, put('deployment', deployment.id, begun))
  const noted = noteDeployment(kept, now, deployment, 'DomainBegins', action.reason)
  const draining = leave(noted, begun, now)
    .actions.filter((one) => one.kind === 'takeOut')
    .reduce((before, one) => takeOut(before, one, now).state, noted)
  return { state: draining, touched: [deploymentSubject(deployment.id)] }
}
