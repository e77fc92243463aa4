import type { Instant } from '../../../kernel/instant.ts'
import { extensionWarnings } from '../belongings/extensions.ts'
import { noteDeployment } from '../history/events.ts'
import { availabilityWarnings } from '../places/availability.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** Warnings for the owner of a deployment: about the version in force, then about its places. Empty until its package was read. */
export function warningsOf({ versions, current, faultDomains }: DeploymentRecord): readonly string[] {
  const version = versions[current]
  if (!version) return []
  const { warnings = [], extensions } = version
  return [...new Set([...warnings, ...extensionWarnings(extensions), ...availabilityWarnings(faultDomains)])]
}

/** An event for each warning that the version in force brings and the `former` one did not have. */
export function noteWarnings(
  state: FabricState,
  now: Instant,
  deployment: DeploymentRecord,
  former?: DeploymentRecord,
): FabricState {
  const known = new Set(former ? warningsOf(former) : [])
  return warningsOf(deployment)
    .filter((warning) => !known.has(warning))
    .reduce((noted, warning) => noteDeployment(noted, now, deployment, 'Warning', warning), state)
}
