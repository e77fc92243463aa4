import { orDefect } from '../../../kernel/attempt.ts'
import { type Fault, fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { validationErrorText } from '../../../service-model/match.ts'
import type { EffectOf, Outcome } from '../action.ts'
import { extensionWarnings } from '../belongings/extensions.ts'
import { noteDeployment } from '../history/events.ts'
import { failed, succeeded } from '../history/operations.ts'
import { type KeptPackage, keptPackage } from '../packages/kept-package.ts'
import { type Allocation, allocate } from '../places/allocate.ts'
import { coreQuotaFault } from '../places/core-quota.ts'
import { keepPlaces } from '../places/keep-places.ts'
import { noteTransitions } from '../seen/transitions.ts'
import { releaseOf } from '../servicing/release.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { drop, keep, put } from '../state/keep.ts'
import type { DeploymentRecord, DeploymentRequest } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { fittingConfiguration } from '../update/fitting.ts'
import { settleUpgradeFetch } from '../update/settle-fetch-upgrade.ts'
import { firstVersion } from '../update/version.ts'
import { noteWarnings } from './warnings.ts'

/** A package has been read, or refused: the deployment is placed and its operation succeeds, or the slot is empty again (B-3, E-1). */
export function settleFetch(
  state: FabricState,
  { deployment: id }: EffectOf<'fetchPackage'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'fetched') throw new Error('fetchPackage ended without a result')
  const result = keptPackage(state, outcome)
  const deployment = state.stored.deployment.get(id)
  if (deployment?.upgrading && deployment.wanted !== 'Deleted')
    return settleUpgradeFetch(state, { ...deployment, upgrading: deployment.upgrading }, result, now)
  if (!deployment?.request || deployment.wanted === 'Deleted') return { state, touched: ['pool'] }
  const { request } = deployment
  const accepted = result.ok ? orDefect(() => accept(state, deployment, request, result.value)) : result
  if (!accepted.ok) return refuse(state, deployment, accepted.fault, now)
  const { allocation, record, fetched } = accepted.value
  return { state: placed(state, record, allocation, fetched, now), touched: [deploymentSubject(id), 'pool'] }
}

interface Acceptance {
  readonly allocation: Allocation
  readonly record: DeploymentRecord
  readonly fetched: KeptPackage
}

/** All that package and configuration must meet together: their match, the quota, room on the hosts. */
function accept(
  state: FabricState,
  deployment: DeploymentRecord,
  request: DeploymentRequest,
  fetched: KeptPackage,
): Result<Acceptance> {
  const { definition } = fetched.model
  const fitting = fittingConfiguration(state, deployment, fetched, request.configuration)
  if (!fitting.ok) return fitting
  const { configuration, warnings } = fitting.value
  const unwanted = [...warnings, ...extensionWarnings(request.extensions)]
  if (request.treatWarningsAsError && unwanted.length > 0)
    return refused('BadRequest', validationErrorText(unwanted, 'Warning'))
  const { label, subscriptionId } = deployment
  const configured = { configuration, configurationText: request.configuration, label, warnings }
  const version = firstVersion({ sha256: fetched.sha256, definition }, configured)
  const overQuota = coreQuotaFault(state, subscriptionId, definition, version.numbers)
  if (overQuota) return { ok: false, fault: overQuota }
  const allocation = allocate(state, deployment, definition, version.numbers, releaseOf(state.facts, configuration))
  if (!allocation.ok) return allocation
  const { vip, faultDomains } = allocation.value
  const record: DeploymentRecord = {
    ...deployment,
    request: undefined,
    versions: { 1: { ...version, extensions: request.extensions } },
    current: 1,
    lastVersion: 1,
    waiting: [],
    vip,
    faultDomains,
  }
  return fine({ allocation: allocation.value, record, fetched })
}

/** Instances are stored before the deployment's intent: after a crash between the two, the deployment is still to be placed. */
function placed(
  state: FabricState,
  deployment: DeploymentRecord,
  allocation: Allocation,
  fetched: KeptPackage,
  now: Instant,
): FabricState {
  const { instances } = allocation
  const hosts = new Set(instances.map(({ host }) => host))
  const operation = state.stored.operation.get(creator(state, deployment.id))
  const next = keep(
    keepPlaces(state, allocation),
    put('package', fetched.sha256, fetched),
    put('deployment', deployment.id, deployment),
    ...(operation ? [put('operation', operation.id, succeeded(operation, now))] : []),
  )
  const noted = noteDeployment(
    next,
    now,
    deployment,
    'Placed',
    `${instances.length} role instances on ${hosts.size} hosts`,
  )
  const keys = instances.map(({ key }) => key)
  return noteTransitions(state, renewGoals(noteWarnings(noted, now, deployment), hosts), keys, now)
}

function refuse(state: FabricState, deployment: DeploymentRecord, fault: Fault, now: Instant): ControllerStep {
  const operation = state.stored.operation.get(creator(state, deployment.id))
  const kept = keep(
    state,
    drop('deployment', deployment.id),
    ...(operation ? [put('operation', operation.id, failed(operation, fault, now))] : []),
  )
  return {
    state: noteDeployment(kept, now, deployment, 'Refused', fault.message),
    touched: [deploymentSubject(deployment.id), 'pool'],
  }
}

/** The operation that waits for the deployment to be placed. */
function creator(state: FabricState, deployment: string): string {
  return state.stored.deployment.get(deployment)?.waiting.find(({ until }) => until === 'placed')?.operation ?? ''
}
