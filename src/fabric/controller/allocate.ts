import { fine, type Result, refused } from '../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../service-model/configuration.ts'
import type { ServiceDefinition } from '../../service-model/definition.ts'
import { faultDomainOf, upgradeDomainOf } from '../../service-model/domains.ts'
import { instanceId } from '../../service-model/instance-id.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { containerId } from './container-id.ts'
import { deploymentsOf } from './find.ts'
import { knownSize } from './load.ts'
import { localPorts } from './local-ports.ts'
import { place, type Wanted } from './placement.ts'
import { candidatesOf, faultDomainPlans } from './pool.ts'
import type { DeploymentRecord, Epochs, HostRecord, InstanceRecord } from './records.ts'
import type { FabricState } from './state.ts'

export interface Allocation {
  readonly instances: readonly InstanceRecord[]
  readonly faultDomains: readonly number[]
  readonly vip: string
  readonly cursor: ReturnType<Addresses['cursor']>
}

const firstEpochs: Epochs = { guest: 1, c: 1, d: 1, e: 1 }

/** Hosts, addresses and ports for every instance of a new deployment; all or nothing, refused with the codes of A-10. */
export function allocate(
  state: FabricState,
  deployment: DeploymentRecord,
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
): Result<Allocation> {
  const candidates = candidatesOf(state)
  const addresses = addressesOf(state)
  const vip = addresses.take('vip')
  for (const faultDomains of faultDomainPlans(candidates)) {
    const drafts = draftsOf(definition, configuration, faultDomains)
    const hosts = place(
      candidates,
      drafts.map(({ wanted }) => wanted),
    )
    if (!hosts) continue
    const instances = drafts.flatMap((draft) => {
      const address = addresses.take('dip')
      const host = state.stored.host.get(hosts.get(draft.wanted.key) as string) as HostRecord
      return address ? [instanceOf(deployment, draft, host, address)] : []
    })
    if (!vip || instances.length < drafts.length)
      return refused('OverconstrainedAllocationRequest', 'The fabric has no address left. Delete a deployment first.')
    return fine({ instances, faultDomains, vip, cursor: addresses.cursor() })
  }
  return noRoom(state, deployment, candidates.length)
}

/** An instance before it has a host. */
interface Draft {
  readonly wanted: Wanted
  readonly role: ServiceDefinition['roles'][number]
  readonly ordinal: number
  readonly index: number
  readonly faultDomain: number
}

function draftsOf(
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
  faultDomains: readonly number[],
): readonly Draft[] {
  const domains = definition.upgradeDomainCount
  return definition.roles.flatMap((role, ordinal) => {
    const size = knownSize(role.vmSize)
    const count = configuration.roles.find(({ name }) => name === role.name)?.instances ?? 0
    return Array.from({ length: count }, (_, index): Draft => {
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
    version: 1,
    upgradeDomain: wanted.upgradeDomain,
    faultDomain,
    size: role.vmSize,
    host: host.name,
    containerId: containerId(deployment.id, ordinal, index, 1),
    address,
    ports: localPorts(role, index, host.firstPort),
    placement: 1,
    epochs: firstEpochs,
    told: { run: deployment.wanted === 'Running' ? 'Started' : 'Stopped', epochs: firstEpochs, revision: 1 },
    inRotation: false,
    readyOnce: false,
  }
}

function noRoom(state: FabricState, deployment: DeploymentRecord, hosts: number): Result<Allocation> {
  const pinned = deploymentsOf(state, deployment.service).length > 1
  return refused(
    pinned ? 'Compute.ConstrainedAllocationFailed' : 'OverconstrainedAllocationRequest',
    `The role instances of deployment ${deployment.name} cannot be placed: no set of the ${hosts} hosts has the free cores, memory and disk in the fault domains they need. Ask for fewer or smaller instances, or add hosts.`,
  )
}
