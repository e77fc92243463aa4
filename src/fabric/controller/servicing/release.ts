import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { OsFamily } from '../../../service-model/operating-systems.ts'
import type { FabricFacts } from '../state/facts.ts'
import type { InstanceRecord } from '../state/records/instance.ts'

type System = Pick<ServiceConfiguration, 'osFamily' | 'osVersion'>
type Catalogue = Pick<FabricFacts, 'osFamilies'>

/** The release of the guest OS that a configuration asks for: the newest of its family for `*`, its own otherwise (H-22, D-9). */
export function releaseOf(catalogue: Catalogue, { osFamily, osVersion }: System): string {
  const newest = osVersion === '*' ? familyOf(catalogue, osFamily)?.releases[0] : osVersion
  return newest ?? `WA-GUEST-OS-${osFamily}.1`
}

/** The release that an instance runs. */
export function releaseRun(catalogue: Catalogue, { osFamily }: System, { release }: InstanceRecord): string {
  return release ?? familyOf(catalogue, osFamily)?.releases.at(-1) ?? `WA-GUEST-OS-${osFamily}.1`
}

/**
 * Whether the platform is to bring an instance to a newer release: never when the configuration names one, and never back to an older one, also when
 * an older version of the platform runs again (H-22).
 */
export function isOutdated(catalogue: Catalogue, system: System, instance: InstanceRecord): boolean {
  if (system.osVersion !== '*') return false
  const releases = familyOf(catalogue, system.osFamily)?.releases ?? []
  return releases.indexOf(releaseRun(catalogue, system, instance)) > 0
}

function familyOf({ osFamilies }: Catalogue, asked: number): OsFamily | undefined {
  return osFamilies.find(({ family }) => family === asked)
}
