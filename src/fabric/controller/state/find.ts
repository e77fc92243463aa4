import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { own } from '../../../kernel/own.ts'
import type { DeploymentReference } from '../../contract/commands.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { HostRecord } from './records/host.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { DeploymentVersion } from './records/version.ts'
import type { PackageRecord, ServiceRecord } from './records.ts'
import type { FabricState } from './state.ts'

/** The service of that name, letter case aside, if it is the subscription's own. */
export function findService(state: FabricState, subscriptionId: string, name: string): Result<ServiceRecord> {
  const service = state.stored.service.get(name.toLowerCase())
  return service?.subscriptionId === subscriptionId
    ? fine(service)
    : refused('ResourceNotFound', 'The hosted service does not exist.')
}

/** A deployment that a request wants to change. */
export function findDeployment(
  state: FabricState,
  subscriptionId: string,
  reference: DeploymentReference,
): Result<DeploymentRecord> {
  const service = findService(state, subscriptionId, reference.service)
  if (!service.ok) return service
  const found = deploymentsOf(state, reference.service.toLowerCase()).find((deployment) =>
    'slot' in reference ? deployment.slot === reference.slot : sameName(deployment.name, reference.name),
  )
  if (found) return fine(found)
  return 'slot' in reference
    ? refused('ResourceNotFound', 'No deployments were found.')
    : refused('ResourceNotFound', `The deployment name '${reference.name}' does not exist.`)
}

/** Deployments of a service, production first. */
export function deploymentsOf(state: FabricState, service: string): readonly DeploymentRecord[] {
  return [...(state.derived.deploymentsOf.get(service) ?? [])]
    .map((id) => state.stored.deployment.get(id) as DeploymentRecord)
    .sort((a, b) => (a.slot < b.slot ? -1 : 1))
}

/** The host of that name, letter case aside. */
export function findHost(state: FabricState, asked: string): Result<HostRecord> {
  const found = [...state.stored.host.values()].find(({ name }) => sameName(name, asked))
  const names = [...state.stored.host.keys()].toSorted().join(', ')
  return found ? fine(found) : refused('ResourceNotFound', `No host is called "${asked}". The hosts are: ${names}.`)
}

/** Instances of a deployment, in the order of their placement. */
export function instancesOf(state: FabricState, deployment: string): readonly InstanceRecord[] {
  return recordsOf(state, state.derived.instancesOf.get(deployment))
}

/** Instances on a host. */
export function instancesOn(state: FabricState, host: string): readonly InstanceRecord[] {
  return recordsOf(state, state.derived.instancesOn.get(host))
}

function recordsOf(state: FabricState, keys: Iterable<string> | undefined): readonly InstanceRecord[] {
  return [...(keys ?? [])].map((key) => state.stored.instance.get(key) as InstanceRecord)
}

/** A version with the package whose definition is in force; for one role, with the package that the role runs. */
export function versionOf(
  state: FabricState,
  deployment: DeploymentRecord,
  number: number,
  role?: string,
): { readonly version: DeploymentVersion; readonly package: PackageRecord } {
  const version = deployment.versions[number]
  const ofRole = role === undefined ? undefined : own(version?.roots, role)?.packageSha256
  const found = version && state.stored.package.get(ofRole ?? version.packageSha256)
  if (!version || !found) throw new Error(`deployment ${deployment.id} has no version ${number} with its package`)
  return { version, package: found }
}

/** Every package that a version of the deployment runs. */
export function packagesOf({ versions }: DeploymentRecord): ReadonlySet<string> {
  return new Set(
    Object.values(versions).flatMap(({ packageSha256, roots }) => [
      packageSha256,
      ...Object.values(roots).map((root) => root.packageSha256),
    ]),
  )
}

/** The name as the model spells it; unchanged when the model has none. */
export function spelledAs(known: readonly { readonly name: string }[], given: string): string {
  return known.find(({ name }) => sameName(name, given))?.name ?? given
}

/** Names of deployments, roles and instances compare without regard to case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The deployment of a decision. Throws when there is none: nothing happens between a decision and its resolution. */
export function decidedAbout(state: FabricState, id: string): DeploymentRecord {
  const deployment = state.stored.deployment.get(id)
  if (!deployment) throw new Error(`there is no deployment ${id} about which something could be decided`)
  return deployment
}

/** Hosts that have an instance of the deployment: each of them gets changes of its topology. */
export function hostsOf(state: FabricState, deployment: string): ReadonlySet<string> {
  return new Set(instancesOf(state, deployment).map(({ host }) => host))
}
