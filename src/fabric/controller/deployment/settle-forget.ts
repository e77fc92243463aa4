import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { forgetDeployment, forgetInstances } from './forget-instances.ts'

export function settleForget(
  state: FabricState,
  { deployment, instances }: ActionOf<'forget'>,
  now: Instant,
): ControllerStep {
  const step = forgetInstances(state, instances, now)
  return { state: forgetDeployment(step.state, deployment, now), touched: [...step.touched, 'pool'] }
}
