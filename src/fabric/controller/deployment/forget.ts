import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { stoppedBy } from '../brake/running-on.ts'
import type { Due } from '../due.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { forgetDeployment, forgetInstances } from './forget-instances.ts'

/**
 * Instances to be removed whose host is lost: when the host comes back, its goal does not have them (U-66). While it may run on, one is not forgotten
 * whose number could be given anew (H-38). A deleted deployment goes with its last instance.
 */
export function forget(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  const instances = instancesOf(state, deployment.id)
  const isDeleted = deployment.wanted === 'Deleted'
  const away = instances.filter(({ told, host }) => told.run === 'Gone' && state.observed.lost.has(host))
  const stopped = (host: string) => (isDeleted ? 0 : (stoppedBy(state, host) ?? Number.POSITIVE_INFINITY))
  const lost = away.filter(({ host }) => now >= stopped(host))
  const isOver = isDeleted && instances.length === 0
  const wakeAt = Math.min(...away.map(({ host }) => stopped(host)))
  if (lost.length === 0 && !isOver) return Number.isFinite(wakeAt) ? { actions: [], wakeAt } : { actions: [] }
  const reason = lost.length > 0 ? 'the host that should delete them is lost' : 'nothing of the deployment is left'
  const keys = lost.map(({ key }) => key)
  return {
    actions: [{ kind: 'forget', key: `forget ${deployment.id}`, reason, deployment: deployment.id, instances: keys }],
  }
}

export function forgotten(
  state: FabricState,
  { deployment, instances }: ResolutionOf<'forget'>,
  now: Instant,
): ControllerStep {
  const step = forgetInstances(state, instances, now)
  return { state: forgetDeployment(step.state, deployment, now), touched: [...step.touched, 'pool'] }
}
