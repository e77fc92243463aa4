import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { own } from '../../../kernel/own.ts'
import type { ServiceDefinition } from '../../../service-model/definition.ts'
import { faultDomainOf, upgradeDomainOf } from '../../../service-model/domains.ts'
import { instanceId } from '../../../service-model/instance-id.ts'
import { rangeText } from '../../contract/vip-range.ts'
import { deploymentsOf } from '../state/find.ts'
import { knownSize } from '../state/load.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { Epochs, InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { containerId } from './container-id.ts'
import { localPorts } from './local-ports.ts'
import { type Candidate, place, type Wanted } from './placement.ts'
import { candidatesOf, faultDomainPlans } from './pool.ts'
import { viewsFor } from './racks.ts'

/** Instances with all that they need, not stored yet. */
export interface Places {
  readonly instances: readonly InstanceRecord[]
  readonly cursor: ReturnType<Addresses['cursor']>
}

export interface Allocation extends Places {
  readonly faultDomains: readonly number[]
  readonly vip: string
}

/** What new instances run first: a version of their deployment, on a release of the guest OS. */
interface First {
  readonly version: number
  readonly release: string
}

/** Numbers of instances, by role. */
export type Numbers = Readonly<Record<string, readonly number[]>>

const firstEpochs: Epochs = { guest: 1, c: 1, d: 1, e: 1 }

/** Hosts, addresses and ports for every instance of a new deployment; all or nothing, refused with the codes of A-10. */
export function allocate(
  state: FabricState,
  deployment: DeploymentRecord,
  definition: ServiceDefinition,
  numbers: Numbers,
  release: string,
): Result<Allocation> {
  const candidates = candidatesOf(state)
  const addresses = addressesOf(state)
  const vip = deployment.vip || addresses.takeVip()
  if (!vip) return noVip(state)
  for (const faultDomains of faultDomainPlans(candidates)) {
    const drafts = draftsOf(definition, numbers, faultDomains)
    const hosts = hostsFor(candidates, drafts)
    if (!hosts) continue
    const made = instancesFrom(state, { ...deployment, vip }, { version: 1, release }, drafts, hosts, addresses)
    return made.ok ? fine({ ...made.value, faultDomains, vip }) : made
  }
  return noRoom(state, deployment, candidates)
}

/** The same for instances that join a deployment with a version: in its own fault domains, and its cluster. */
export function allocateMore(
  state: FabricState,
  deployment: DeploymentRecord,
  definition: ServiceDefinition,
  numbers: Numbers,
  first: First,
): Result<Places> {
  const drafts = draftsOf(
    definition,
    numbers,
    deployment.faultDomains.map((_, domain) => domain),
  )
  const addresses = addressesOf(state)
  if (drafts.length === 0) return fine({ instances: [], cursor: addresses.cursor() })
  const candidates = candidatesOf(state)
  for (const seen of viewsFor(state, deployment, candidates)) {
    const hosts = hostsFor(seen, drafts)
    if (hosts) return instancesFrom(state, deployment, first, drafts, hosts, addresses)
  }
  return refused(
    'Compute.ConstrainedAllocationFailed',
    `The ${drafts.length} further role instances of deployment ${deployment.name} cannot be placed: the ${candidates.length} hosts have not the free ${wantedOf(candidates)} in the deployment's fault domains. Ask for fewer instances, or add hosts. The deployment is as it was.`,
  )
}

const noAddress = refused(
  'OverconstrainedAllocationRequest',
  'The fabric has no address left. Delete a deployment first.',
)

function noVip({ facts: { vipRange } }: FabricState): ReturnType<typeof refused> {
  if (!vipRange) return noAddress
  return refused(
    'OverconstrainedAllocationRequest',
    `All ${vipRange.size} VIPs of ${rangeText(vipRange)} are in use, reserved, or answered at by other computers. Delete a deployment or a reserved IP first, or have the operator name a larger range.`,
  )
}

function hostsFor(candidates: readonly Candidate[], drafts: readonly Draft[]): ReadonlyMap<string, string> | undefined {
  return place(
    candidates,
    drafts.map(({ wanted }) => wanted),
  )
}

function instancesFrom(
  state: FabricState,
  deployment: DeploymentRecord,
  first: First,
  drafts: readonly Draft[],
  hosts: ReadonlyMap<string, string>,
  addresses: Addresses,
): Result<Places> {
  const instances = drafts.flatMap((draft) => {
    const host = state.stored.host.get(hosts.get(draft.wanted.key) as string) as HostRecord
    const address = addresses.takeDip(host)
    const { epoch } = state.facts
    return address ? [instanceOf(deployment, { ...first, epoch }, draft, host, address)] : []
  })
  return instances.length < drafts.length ? noAddress : fine({ instances, cursor: addresses.cursor() })
}

/** An instance before it has a host. */
interface Draft {
  readonly wanted: Wanted
  readonly role: ServiceDefinition['roles'][number]
  readonly ordinal: number
  readonly index: number
  readonly faultDomain: number
}

function draftsOf(definition: ServiceDefinition, numbers: Numbers, faultDomains: readonly number[]): readonly Draft[] {
  const domains = definition.upgradeDomainCount
  return definition.roles.flatMap((role, ordinal) => {
    const size = knownSize(role.vmSize)
    return (own(numbers, role.name) ?? []).map((index): Draft => {
      const faultDomain = faultDomainOf(index, domains, faultDomains.length)
      const upgradeDomain = upgradeDomainOf(index, domains)
      const wanted = {
        key: instanceId(role.name, index),
        role: role.name,
        size,
        upgradeDomain,
        faultDomain: faultDomains[faultDomain],
      }
      return { wanted, role, ordinal, index, faultDomain }
    })
  })
}

function instanceOf(
  deployment: DeploymentRecord,
  { version, release, epoch }: First & { readonly epoch: number },
  { wanted, role, ordinal, index, faultDomain }: Draft,
  host: HostRecord,
  address: string,
): InstanceRecord {
  return {
    key: `${deployment.id}.${wanted.key}`,
    deployment: deployment.id,
    subscriptionId: deployment.subscriptionId,
    role: role.name,
    index,
    name: wanted.key,
    version,
    addedIn: version,
    upgradeDomain: wanted.upgradeDomain,
    faultDomain,
    size: role.vmSize,
    release,
    host: host.name,
    containerId: containerId(deployment.id, epoch, ordinal, { index, addedIn: version, placement: 1 }),
    address,
    ports: localPorts(role, index, host.firstPort),
    placement: 1,
    epochs: firstEpochs,
    told: {
      run: deployment.wanted === 'Running' ? 'Started' : 'Stopped',
      epochs: firstEpochs,
      root: 1,
      revision: 1,
      runRevision: 1,
      vip: deployment.vip,
    },
    inRotation: false,
    readyOnce: false,
  }
}

function noRoom(
  state: FabricState,
  deployment: DeploymentRecord,
  candidates: readonly Candidate[],
): Result<Allocation> {
  const pinned = deploymentsOf(state, deployment.service).length > 1
  return refused(
    pinned ? 'Compute.ConstrainedAllocationFailed' : 'OverconstrainedAllocationRequest',
    `The role instances of deployment ${deployment.name} cannot be placed: no set of the ${candidates.length} hosts has the free ${wantedOf(candidates)} in the fault domains they need. Ask for fewer or smaller instances, or add hosts.`,
  )
}

/** What a host must have free, in words; also addresses, where they come from its own subnet. */
function wantedOf(candidates: readonly Candidate[]): string {
  const counted = candidates.some(({ addresses }) => addresses !== undefined)
  return counted ? 'cores, memory, disk and addresses' : 'cores, memory and disk'
}
