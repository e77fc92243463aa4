import type { Instant } from '../../../kernel/instant.ts'
import type { InstanceStatus, PowerState } from '../../../service-model/instance-status.ts'
import type { DeploymentStatus } from '../../contract/views.ts'
import { healedAlike, healedWords } from '../blame/failing.ts'
import { brakeWords, isBraked } from '../brake/brake.ts'
import { instancesOf } from '../state/find.ts'
import { measuredFrom } from '../state/measured.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'

export interface ShownStatus {
  readonly status: InstanceStatus
  readonly details: string
  readonly errorCode?: string | undefined
  readonly powerState: PowerState
}

/** The status of an instance: what its host reports (T-3), and what only the fabric knows. */
export function statusOf(state: FabricState, instance: InstanceRecord): ShownStatus {
  const report = state.observed.reports.get(instance.key)
  const isLost = state.observed.lost.has(instance.host)
  if (isLost || isUnheard(state, instance))
    return { status: 'RoleStateUnknown', details: isLost ? absence(state, instance) : '', powerState: 'Unknown' }
  const { run } = instance.told
  if (run === 'Gone' && (!report || report.status === 'StoppedVM'))
    return { status: 'DeletingVM', details: '', powerState: 'Stopped' }
  if (!report) return { status: 'Preparing', details: '', powerState: run === 'Started' ? 'Starting' : 'Stopped' }
  const { status, details, errorCode, powerState } = report
  return { status, details, errorCode, powerState }
}

function absence(state: FabricState, { host }: InstanceRecord): string {
  const noRoom = state.observed.unhealed.has(host) ? ', and no other host has room for the role instance' : ''
  const alike = healedAlike(state)
  const held = isBraked(state) ? brakeWords(state) : alike && healedWords(alike)
  const healing = held === undefined ? noRoom : `, and the role instance starts on no other: ${held}`
  return `The host ${host} has not been heard from${healing}.`
}

/** In this run nothing was reported of the instance, and its host is not lost: it may be well. */
export function isUnheard({ observed }: FabricState, { key, host }: InstanceRecord): boolean {
  return !observed.lost.has(host) && !observed.reports.has(key) && !observed.synchronised.has(host)
}

/** Whether the host has sent its complete report in this run: until then an instance that it does not mention may still exist. */
export function isSynchronised(state: FabricState, host: string): boolean {
  return state.observed.synchronised.has(host)
}

/**
 * Status of a deployment (T-9, T-10, D-11). It says what is wanted: a deployment is Running as soon as its instances are placed.
 * Transitioning while an update is active or added instances are being prepared; Starting only after a suspension.
 */
export function deploymentStatusOf(state: FabricState, deployment: DeploymentRecord, now: Instant): DeploymentStatus {
  if (deployment.wanted === 'Deleted') return 'Deleting'
  if (deployment.request) return 'Deploying'
  const instances = instancesOf(state, deployment.id)
  const changes = deployment.update !== undefined || instances.some((one) => isBeingAdded(state, one))
  if (deployment.wanted === 'Suspended') {
    if (instances.some(({ told }) => told.run === 'Started')) return 'Suspending'
    return changes ? 'SuspendedTransitioning' : 'Suspended'
  }
  if (changes) return 'RunningTransitioning'
  const settled = instances.every(({ readyOnce }) => readyOnce) || now >= startingUntil(state, deployment)
  return settled ? 'Running' : 'Starting'
}

/** When Starting ends even if an instance has not been Ready (T-9); long ago for a deployment that was never suspended. */
export function startingUntil(state: FabricState, { id, resumedAt }: DeploymentRecord): Instant {
  if (resumedAt === undefined) return 0
  return measuredFrom(state, `deployment/${id}/resumedAt`, resumedAt) + state.facts.timers.roleReadyTimeout
}

/** It was added after the others and has not left Preparing yet. A healed instance is Preparing again, but does not count. */
function isBeingAdded(state: FabricState, instance: InstanceRecord): boolean {
  const { addedIn, placement, readyOnce } = instance
  return addedIn > 1 && placement === 1 && !readyOnce && statusOf(state, instance).status === 'Preparing'
}
