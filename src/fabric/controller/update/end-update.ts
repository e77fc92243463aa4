import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { hostsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { versionNumbered } from './change.ts'
import { ended } from './operations.ts'
import { atStep } from './step.ts'

/** The update is over: its target is the only version, hosts give up former role roots, the operation has succeeded. */
export function endUpdate(state: FabricState, action: ResolutionOf<'endUpdate'>, now: Instant): ControllerStep {
  const former = atStep(state, action.deployment)
  const { target } = former.update
  const { waiting, changes } = ended(state, former, {}, now)
  const versions = { [target]: versionNumbered(former, target) }
  const deployment = { ...former, update: undefined, versions, waiting, modifiedAt: now }
  const kept = keep(state, put('deployment', deployment.id, deployment), ...changes)
  const noted = noteDeployment(kept, now, deployment, 'UpdateEnded', action.reason)
  return {
    state: renewGoals(noted, hostsOf(noted, deployment.id)),
    touched: [deploymentSubject(deployment.id), 'pool'],
  }
}
