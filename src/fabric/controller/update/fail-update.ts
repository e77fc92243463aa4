import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { hostsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { ended } from './operations.ts'
import { rollbackFault, rolledBack } from './rollback.ts'
import { atStep } from './step.ts'

/** The domain does not get Ready: the operation ends Failed, and the update stays there, or goes back if the caller asked for that (U-29, U-35). */
export function failUpdate(state: FabricState, action: ResolutionOf<'failUpdate'>, now: Instant): ControllerStep {
  const former = atStep(state, action.deployment)
  const { id, update } = former
  const { waiting, changes } = ended(state, former, { fault: action.fault }, now)
  const held: DeploymentRecord = { ...former, waiting, update: { ...update, held: action.fault } }
  const goesBack = update.onFailure === 'rollback' && rollbackFault(state, held) === undefined
  const asked = { id: `${update.id} rolled back`, mode: 'Auto' } as const
  const deployment = goesBack ? rolledBack(held, update, asked, now) : held
  const noted = noteDeployment(
    keep(state, put('deployment', id, deployment), ...changes),
    now,
    deployment,
    goesBack ? 'UpdateRolledBack' : 'UpdateHeld',
    action.reason,
  )
  return { state: goesBack ? renewGoals(noted, hostsOf(noted, id)) : noted, touched: [deploymentSubject(id)] }
}
