import { own } from '../../../kernel/own.ts'
import type { InstanceChange } from '../../contract/plan.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { DeploymentVersion } from '../state/records/version.ts'

/** What a step from one version of a deployment to another means for the instances of a role, the strongest first (U-14, U-47 to U-50). */
export function changeOf(deployment: DeploymentRecord, role: string, from: number, to: number): InstanceChange {
  if (from === to) return 'none'
  const [before, after] = [versionNumbered(deployment, from), versionNumbered(deployment, to)]
  if (own(before.roots, role)?.since !== own(after.roots, role)?.since) return 'package'
  if (hasNewSystem(before, after)) return 'system'
  if (certificates(before, role) !== certificates(after, role)) return 'certificates'
  const isTold = settings(before, role) !== settings(after, role) || hasNewTopology(before, after)
  return isTold ? 'settings' : 'none'
}

/** Whether the change stops a role that runs: then it leaves rotation first (H-27). */
export function isStop(change: InstanceChange): boolean {
  return change === 'package' || change === 'system' || change === 'certificates'
}

/** Whether the guest operating system changes (U-50). */
export function hasNewSystem(before: DeploymentVersion, after: DeploymentVersion): boolean {
  const [old, now] = [before.configuration, after.configuration]
  return old.osFamily !== now.osFamily || old.osVersion !== now.osVersion
}

/** Whether the role's size changes: then all of its local data goes (table 3.1). */
export function hasNewSize(before: DeploymentVersion, after: DeploymentVersion, role: string): boolean {
  return own(before.roots, role)?.size !== own(after.roots, role)?.size
}

export function versionNumbered(deployment: DeploymentRecord, number: number): DeploymentVersion {
  const version = deployment.versions[number]
  if (!version) throw new Error(`deployment ${deployment.id} has no version ${number}`)
  return version
}

/** Whether an instance belongs to a version: it may have been added later, or be about to go. */
export function isMember(
  { numbers }: DeploymentVersion,
  { role, index }: Pick<InstanceRecord, 'role' | 'index'>,
): boolean {
  const list = own(numbers, role) ?? []
  // An instance that is no member may be forgotten, so unreadable numbers never lead to this answer (F-27).
  if (!Array.isArray(list)) throw new TypeError(`the numbers of the role ${role} are no list`)
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as number) < index) low = middle + 1
    else high = middle
  }
  return list[low] === index
}

/** New and removed instances are announced domain by domain; with Blast, to all at once without a step of their own (U-52, U-53). */
function hasNewTopology(before: DeploymentVersion, after: DeploymentVersion): boolean {
  return before.numbersSince !== after.numbersSince && !after.blast
}

function settings({ configuration }: DeploymentVersion, role: string): string {
  const own = configuration.roles.find(({ name }) => name === role)?.settings ?? {}
  return JSON.stringify(Object.entries(own).toSorted(byName))
}

function certificates({ configuration }: DeploymentVersion, role: string): string {
  const own = configuration.roles.find(({ name }) => name === role)?.certificates ?? []
  return JSON.stringify(own.map(({ name, thumbprint }) => [name, thumbprint] as const).toSorted(byName))
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : Number(one > other)
}
