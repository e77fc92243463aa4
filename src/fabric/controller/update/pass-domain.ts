import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { instancesOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { beginDomain } from './begin-domain.ts'
import { notePreparing } from './note-preparing.ts'
import { ended } from './operations.ts'
import { toPrepare } from './prepare.ts'
import { progressOf } from './progress.ts'
import { atStep } from './step.ts'

/** The domain is walked: its operation ends (U-35), and the next one begins with the same commit, unless it has to wait. */
export function passDomain(state: FabricState, action: ResolutionOf<'passDomain'>, now: Instant): ControllerStep {
  const former = atStep(state, action.deployment)
  const { waiting, changes } = ended(state, former, { until: 'walked' }, now)
  const update = {
    ...former.update,
    domain: former.update.domain + 1,
    state: 'Before' as const,
    since: now,
    held: undefined,
  }
  const deployment = { ...former, update, waiting }
  const kept = keep(state, put('deployment', deployment.id, deployment), ...changes)
  const noted = noteDeployment(kept, now, deployment, 'DomainWalked', action.reason)
  const nextHosts = instancesOf(state, deployment.id)
    .filter((one) => toPrepare(deployment, one))
    .map(({ host }) => host)
  const passed = renewGoals(notePreparing(noted, deployment, now), nextHosts)
  const next = progressOf(passed, deployment, update, now)
  if (next.kind === 'begin') return beginDomain(passed, { deployment: deployment.id, reason: next.text }, now)
  return { state: passed, touched: [deploymentSubject(deployment.id)] }
}
