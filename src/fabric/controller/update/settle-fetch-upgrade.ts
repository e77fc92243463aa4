import { orDefect } from '../../../kernel/attempt.ts'
import type { Fault, Result } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { noteDeployment } from '../history/events.ts'
import { failed, succeeded } from '../history/operations.ts'
import type { KeptPackage } from '../packages/kept-package.ts'
import { keepPlaces } from '../places/keep-places.ts'
import { keep, put } from '../state/keep.ts'
import type { DeploymentRecord, UpgradeRequest, Waiting } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { ended, overtaken } from './operations.ts'
import { underWay } from './under-way.ts'
import { upgraded } from './upgraded.ts'

/** The package of an upgrade has been read: the update begins, or the deployment stays as it was and the operation fails (O-5, U-3). */
export function settleUpgradeFetch(
  state: FabricState,
  deployment: DeploymentRecord & { readonly upgrading: UpgradeRequest },
  fetched: Result<KeptPackage>,
  now: Instant,
): ControllerStep {
  const { upgrading: asked, id } = deployment
  const touched = [deploymentSubject(id), 'pool'] as const
  const former: DeploymentRecord = { ...deployment, upgrading: undefined, waiting: others(deployment, asked.operation) }
  if (!fetched.ok) return { state: refuse(state, former, asked, fetched.fault, now), touched }
  const begun = orDefect(() => upgraded(state, former, asked, fetched.value, now))
  if (!begun.ok) return { state: refuse(state, former, asked, begun.fault, now), touched }
  const over = ended(state, former, { fault: overtaken(asked.operation) }, now)
  const isManual = asked.mode === 'Manual'
  const waiting: readonly Waiting[] = isManual
    ? over.waiting
    : [...over.waiting, { operation: asked.operation, until: 'updated' }]
  const after = { ...begun.value, deployment: { ...begun.value.deployment, waiting } }
  const operation = state.stored.operation.get(asked.operation)
  const kept = keep(
    keepPlaces(state, after.places),
    put('package', fetched.value.sha256, fetched.value),
    put('deployment', id, after.deployment),
    ...over.changes,
    ...(isManual && operation ? [put('operation', operation.id, succeeded(operation, now))] : []),
  )
  return { state: underWay(state, kept, after, now), touched }
}

function refuse(
  state: FabricState,
  former: DeploymentRecord,
  { operation: id }: UpgradeRequest,
  fault: Fault,
  now: Instant,
): FabricState {
  const operation = state.stored.operation.get(id)
  const kept = keep(
    state,
    put('deployment', former.id, former),
    ...(operation ? [put('operation', id, failed(operation, fault, now))] : []),
  )
  return noteDeployment(kept, now, former, 'UpgradeRefused', fault.message)
}

function others({ waiting }: DeploymentRecord, operation: string): readonly Waiting[] {
  return waiting.filter((one) => one.operation !== operation)
}
