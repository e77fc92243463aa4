import { type Fault, refused } from '../../../kernel/fault.ts'
import { own } from '../../../kernel/own.ts'
import { quotaText } from '../places/quota.ts'
import { instancesOf } from '../state/find.ts'
import { coresOf, type HostLoad, knownSize, noLoad, withInstance } from '../state/load.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { DeploymentVersion } from '../state/records/version.ts'
import type { FabricState } from '../state/state.ts'
import { isMember } from './change.ts'

/** Why instances cannot have the sizes of another version where they are (policy relaxed2011): the quota, or the room on their hosts. */
export function growthFault(
  state: FabricState,
  deployment: DeploymentRecord,
  version: DeploymentVersion,
): Fault | undefined {
  const resized = instancesOf(state, deployment.id).flatMap((instance): readonly Resized[] => {
    const size = own(version.roots, instance.role)?.size
    return size !== undefined && size !== instance.size && isMember(version, instance) ? [{ instance, size }] : []
  })
  return quotaFault(state, deployment, resized) ?? roomFault(state, resized)
}

interface Resized {
  readonly instance: InstanceRecord
  readonly size: string
}

function quotaFault(
  state: FabricState,
  { subscriptionId }: DeploymentRecord,
  resized: readonly Resized[],
): Fault | undefined {
  const asked = resized.reduce(
    (sum, { instance, size }) => sum + knownSize(size).cores - knownSize(instance.size).cores,
    0,
  )
  const limit = state.stored.subscription.get(subscriptionId)?.maxCores ?? 0
  const current = state.derived.cores.get(subscriptionId, 0)
  if (asked <= 0 || current + asked <= limit) return undefined
  return refused('BadRequest', quotaText('cores count', limit, current, asked)).fault
}

function roomFault(state: FabricState, resized: readonly Resized[]): Fault | undefined {
  const loads = new Map<string, HostLoad>()
  for (const { instance, size } of resized) {
    const before = loads.get(instance.host) ?? state.derived.loads.get(instance.host, noLoad)
    loads.set(instance.host, withInstance(withInstance(before, instance, -1), { ...instance, size }, 1))
  }
  const full = [...loads].find(([name, load]) => !fits(state.stored.host.get(name), load))
  if (!full) return undefined
  return refused(
    'OverconstrainedAllocationRequest',
    `The role instances on the host ${full[0]} would not have room there with their new size. Ask for a smaller size, or deploy the new version to the staging slot and swap.`,
  ).fault
}

function fits(host: HostRecord | undefined, load: HostLoad): boolean {
  if (!host) return false
  const { cores, memoryMB, diskMB } = host
  return (
    coresOf(load) <= cores && (memoryMB === 0 || load.memoryMB <= memoryMB) && (diskMB === 0 || load.diskMB <= diskMB)
  )
}
