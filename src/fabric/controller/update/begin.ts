import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ServiceDefinition } from '../../../service-model/definition.ts'
import { reportedDomainCount } from '../../../service-model/domains.ts'
import { allocateMore, type Numbers, type Places } from '../places/allocate.ts'
import { coreQuotaFault } from '../places/core-quota.ts'
import { keepPlaces } from '../places/keep-places.ts'
import { releaseOf } from '../servicing/release.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord, UpdatedDeployment } from '../state/records/deployment.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { DeploymentVersion } from '../state/records/version.ts'
import type { FabricState } from '../state/state.ts'
import { versionNumbered } from './change.ts'
import { growthFault } from './growth.ts'
import { isLeft } from './wanted-version.ts'

/** What an update is to bring about. */
export interface Next extends Pick<UpdateRecord, 'kind' | 'mode' | 'role' | 'onFailure'> {
  /** Request ID, which becomes the update's. */
  readonly id: string
  /** Becomes version `lastVersion + 1` of the deployment. */
  readonly version: DeploymentVersion
  readonly definition: ServiceDefinition
}

export interface Begun {
  readonly deployment: UpdatedDeployment
  /** Instances that are new: they start in parallel with the walk (U-54). */
  readonly places: Places
}

/**
 * The deployment with an update before its first domain. Refused as a whole when the instances that it adds cannot be placed. An active update
 * is replaced: all instances go to the newest version, from domain 0 on, and a rollback still leads to the last version that all of them ran (U-42).
 */
export function begin(state: FabricState, deployment: DeploymentRecord, next: Next, now: Instant): Result<Begun> {
  const { id, version, definition, kind, mode, role, onFailure } = next
  const added = numbersToAdd(state, deployment, version)
  if (!added.ok) return added
  const quota = coreQuotaFault(state, deployment.subscriptionId, definition, added.value)
  if (quota) return { ok: false, fault: quota }
  const target = deployment.lastVersion + 1
  const release = releaseOf(state.facts, version.configuration)
  const places = allocateMore(state, deployment, definition, added.value, { version: target, release })
  if (!places.ok) return places
  // Growing instances use the room that added ones leave.
  const growth = growthFault(keepPlaces(state, places.value), deployment, version)
  if (growth) return { ok: false, fault: growth }
  const domains = domainsOf(state, deployment, definition)
  const update = {
    id,
    kind,
    from: lastCommonVersion(state, deployment),
    target,
    mode,
    role,
    domains,
    ...atDomainZero(mode, domains, now),
    onFailure,
  }
  const versions = { ...deployment.versions, [target]: version }
  const { label } = version
  const record = { ...deployment, versions, current: target, lastVersion: target, label, update, modifiedAt: now }
  return fine({ deployment: record, places: places.value })
}

/** The last version that all instances ran. If an update only waits for instances to go (U-54), its target: no rollback brings them back. */
function lastCommonVersion(state: FabricState, deployment: DeploymentRecord): number {
  const { update, current, id } = deployment
  if (!update) return current
  return instancesOf(state, id).some((one) => isLeft(deployment, update, one)) ? update.from : update.target
}

/** Where every update begins; in manual mode no domain may be walked before the caller asks for it (U-27). */
export function atDomainZero(
  mode: UpdateRecord['mode'],
  domains: number,
  now: Instant,
): Pick<UpdateRecord, 'domain' | 'state' | 'released' | 'since'> {
  return { domain: 0, state: 'Before', released: mode === 'Manual' ? -1 : domains - 1, since: now }
}

/** The reported count, and more only where deleted instances left those of higher domains alone. */
function domainsOf(state: FabricState, deployment: DeploymentRecord, definition: ServiceDefinition): number {
  const { numbers } = versionNumbered(deployment, deployment.current)
  const counts = Object.fromEntries(Object.entries(numbers).map(([role, list]) => [role, list.length]))
  const highest = instancesOf(state, deployment.id).reduce((most, one) => Math.max(most, one.upgradeDomain), 0)
  return Math.max(reportedDomainCount(definition, counts), highest + 1)
}

/** Numbers of the version that have no instance yet; refused while the former instance of one of them is still going. */
function numbersToAdd(
  state: FabricState,
  deployment: DeploymentRecord,
  { numbers }: DeploymentVersion,
): Result<Numbers> {
  const present = new Map(instancesOf(state, deployment.id).map((one) => [`${one.role}/${one.index}`, one]))
  const lacking = new Map<string, readonly number[]>()
  for (const [role, list] of Object.entries(numbers)) {
    const going = list.map((index) => present.get(`${role}/${index}`)).find((one) => one?.going)
    if (going)
      return refused(
        'ConflictError',
        `The role instance ${going.name} is still being removed, so that no other can take its name. Ask again when it has gone.`,
      )
    lacking.set(
      role,
      list.filter((index) => !present.has(`${role}/${index}`)),
    )
  }
  return fine(Object.fromEntries(lacking))
}
