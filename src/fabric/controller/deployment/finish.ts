import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import type { Due } from '../due.ts'
import { noteDeployment } from '../history/events.ts'
import { succeeded } from '../history/operations.ts'
import { deploymentStatusOf, startingUntil, statusOf } from '../seen/status.ts'
import { decidedAbout, instancesOf } from '../state/find.ts'
import { keep, put } from '../state/keep.ts'
import type { DeploymentRecord, Waiting } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { isTold, targetOf } from './target.ts'

/** Operations that have ended (table of service-management-api.md 7). */
export function finish(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  const operations = deployment.waiting
    .filter((one) => hasCome(state, deployment, one, now))
    .map(({ operation }) => operation)
  const wakeAt = deployment.waiting.some(({ until }) => until === 'running')
    ? startingUntil(state, deployment)
    : undefined
  if (operations.length === 0) return { actions: [], wakeAt }
  const reason = 'what the operation waited for has come'
  return {
    actions: [{ kind: 'finish', key: `finish ${deployment.id}`, reason, deployment: deployment.id, operations }],
    wakeAt,
  }
}

function hasCome(state: FabricState, deployment: DeploymentRecord, { until }: Waiting, now: Instant): boolean {
  if (typeof until === 'object') {
    const instance = state.stored.instance.get(until.told)
    return !instance || (isTold(instance, targetOf(deployment, instance)) && !isReadyAsBefore(state, instance))
  }
  if (until === 'running')
    return ['Running', 'RunningTransitioning'].includes(deploymentStatusOf(state, deployment, now))
  // All others end with the change that they wait for (settle-fetch.ts, update/settle-*.ts, forget-instances.ts).
  return until === 'suspended' && instancesOf(state, deployment.id).every(({ told }) => told.run !== 'Started')
}

/** Still shown Ready from the run before its restart: a reader would think that it is Ready again. */
function isReadyAsBefore(state: FabricState, instance: InstanceRecord): boolean {
  const revision = state.observed.reports.get(instance.key)?.revision ?? 0
  return revision < instance.told.runRevision && statusOf(state, instance).status === 'ReadyRole'
}

/** Operations end Succeeded, and the deployment no longer lists them. */
export function finished(
  state: FabricState,
  { deployment: id, operations }: ResolutionOf<'finish'>,
  now: Instant,
): ControllerStep {
  const deployment = decidedAbout(state, id)
  const waiting = deployment.waiting.filter(({ operation }) => !operations.includes(operation))
  const records = operations.flatMap((operation) => state.stored.operation.get(operation) ?? [])
  const open = records.filter(({ status }) => status === 'InProgress')
  const kept = keep(
    state,
    put('deployment', id, { ...deployment, waiting }),
    ...open.map((record) => put('operation', record.id, succeeded(record, now))),
  )
  const noted = open.reduce((before, { name }) => noteDeployment(before, now, deployment, name, 'succeeded'), kept)
  return { state: noted, touched: [deploymentSubject(id)] }
}
