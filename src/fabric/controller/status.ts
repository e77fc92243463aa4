import type { Instant } from '../../kernel/instant.ts'
import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'
import type { DeploymentStatus } from '../contract/views.ts'
import { instancesOf } from './find.ts'
import type { DeploymentRecord, InstanceRecord } from './records.ts'
import type { FabricState } from './state.ts'

export interface ShownStatus {
  readonly status: InstanceStatus
  readonly details: string
  readonly errorCode?: string | undefined
  readonly powerState: PowerState
}

/** The status of an instance: what its host reports (T-3), and what only the fabric can know. */
export function statusOf(state: FabricState, instance: InstanceRecord): ShownStatus {
  const report = state.observed.reports.get(instance.key)
  const isLost = state.observed.lost.has(instance.host)
  if (isLost || (!report && !isSynchronised(state, instance.host)))
    return { status: 'RoleStateUnknown', details: isLost ? absence(state, instance) : '', powerState: 'Unknown' }
  const { run } = instance.told
  if (run === 'Gone' && (!report || report.status === 'StoppedVM'))
    return { status: 'DeletingVM', details: '', powerState: 'Stopped' }
  if (!report) return { status: 'Preparing', details: '', powerState: run === 'Started' ? 'Starting' : 'Stopped' }
  const { status, details, errorCode, powerState } = report
  return { status, details, errorCode, powerState }
}

function absence({ observed }: FabricState, { host }: InstanceRecord): string {
  const healing = observed.unhealed.has(host) ? ', and no other host has room for the role instance' : ''
  return `The host ${host} has not been heard of${healing}.`
}

/** Whether the host has told in this run what it has: until then nothing that it does not mention may be called absent. */
export function isSynchronised(state: FabricState, host: string): boolean {
  return state.observed.synchronised.has(host)
}

/** Status of a deployment (T-9, T-10, D-11): Transitioning while an update is active or added instances are being prepared. */
export function deploymentStatusOf(state: FabricState, deployment: DeploymentRecord, now: Instant): DeploymentStatus {
  if (deployment.wanted === 'Deleted') return 'Deleting'
  if (deployment.request) return 'Deploying'
  const instances = instancesOf(state, deployment.id)
  const isNew = instances.filter((instance) => neverLeftPreparing(state, instance))
  if (isNew.some(({ addedIn }) => addedIn === 1)) return 'Deploying'
  const changes = deployment.update !== undefined || isNew.length > 0
  if (deployment.wanted === 'Suspended') {
    if (instances.some(({ told }) => told.run === 'Started')) return 'Suspending'
    return changes ? 'SuspendedTransitioning' : 'Suspended'
  }
  if (changes) return 'RunningTransitioning'
  const settled = instances.every(({ readyOnce }) => readyOnce) || now >= startingUntil(state, deployment)
  return settled ? 'Running' : 'Starting'
}

/** When Starting ends although an instance has not been Ready (T-9). */
export function startingUntil(state: FabricState, deployment: DeploymentRecord): Instant {
  return deployment.startingSince + state.facts.timers.roleReadyTimeout
}

/** A healed instance is Preparing again, which does not make its deployment a new one. */
function neverLeftPreparing(state: FabricState, instance: InstanceRecord): boolean {
  return instance.placement === 1 && !instance.readyOnce && statusOf(state, instance).status === 'Preparing'
}
