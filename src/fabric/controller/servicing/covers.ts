import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { ServicingRecord } from '../state/records/servicing.ts'

/** The servicing that an instance is in now; undefined when it is in none. */
export function servicingOf(
  { servicing }: DeploymentRecord,
  { key, upgradeDomain }: InstanceRecord,
): ServicingRecord | undefined {
  return servicing?.domain === upgradeDomain && servicing.instances.includes(key) ? servicing : undefined
}

/** Whether an instance must stay stopped because its host is drained (H-21). One that was healed elsewhere need not. */
export function isHalted(deployment: DeploymentRecord, instance: InstanceRecord): boolean {
  const servicing = servicingOf(deployment, instance)
  if (!servicing || servicing.stage === 'Back') return false
  return 'host' in servicing.cause && servicing.cause.host === instance.host
}

/** The release of the guest OS to which the platform brings an instance (H-22); undefined when there is none. */
export function newRelease(deployment: DeploymentRecord, instance: InstanceRecord): string | undefined {
  const cause = servicingOf(deployment, instance)?.cause
  return cause && 'release' in cause && cause.release !== instance.release ? cause.release : undefined
}
