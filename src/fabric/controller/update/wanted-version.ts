import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import { isMember, versionNumbered } from './change.ts'

/** The version that an instance should have now: the new one if its domain was walked or is being walked, its own otherwise (U-55). */
export function wantedVersion(deployment: DeploymentRecord, instance: InstanceRecord): number {
  const { update } = deployment
  if (!update || !isLeft(deployment, update, instance)) return instance.version
  return isBegun(update, instance.upgradeDomain) ? update.target : instance.version
}

/** Whether the update still has to move the instance. */
export function isLeft(deployment: DeploymentRecord, update: UpdateRecord, instance: InstanceRecord): boolean {
  return instance.version !== update.target && isMember(versionNumbered(deployment, update.target), instance)
}

/** Whether an upgrade domain belongs to the step that is next or under way: the update's own, or any in simultaneous mode (U-36). */
export function isInStep({ mode, domain }: UpdateRecord, upgradeDomain: number): boolean {
  return mode === 'Simultaneous' || upgradeDomain === domain
}

function isBegun(update: UpdateRecord, upgradeDomain: number): boolean {
  if (upgradeDomain === update.first) return true
  if (update.mode === 'Simultaneous') return update.state === 'During'
  return upgradeDomain < update.domain || (upgradeDomain === update.domain && update.state === 'During')
}
