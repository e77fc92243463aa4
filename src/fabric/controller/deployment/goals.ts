import type {
  GuestSpecification,
  HostGoal,
  InstanceGoal,
  TopologyEndpoint,
  TopologyInstance,
} from '../../../host/contract/goal.ts'
import { attempt } from '../../../kernel/attempt.ts'
import { own } from '../../../kernel/own.ts'
import { callersOf } from '../../../service-model/callers.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { RoleDefinition, ServiceDefinition } from '../../../service-model/definition.ts'
import { planPorts } from '../../../service-model/endpoints.ts'
import { certificatesFor } from '../belongings/certificates.ts'
import { roadsOf } from '../places/roads.ts'
import { isRestored, knownElsewhere } from '../seen/unknown.ts'
import { instancesOf, instancesOn, versionOf } from '../state/find.ts'
import { goalVersionOf } from '../state/goal-versions.ts'
import { knownSize } from '../state/load.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { isMember, versionNumbered } from '../update/change.ts'
import { toPrepare } from '../update/prepare.ts'

/** All that a host is to run (H-1), computed when the host asks. */
export function goalOf(state: FabricState, host: string): HostGoal {
  return goalAndDefects(state, host).goal
}

/** The goal, and the errors thrown about deployments that it cannot include, by deployment (F-27). */
export function goalAndDefects(
  state: FabricState,
  host: string,
): { readonly goal: HostGoal; readonly threw: Readonly<Record<string, string>> } {
  const topologies = new Map<string, readonly TopologyInstance[]>()
  const goalFor = (instance: InstanceRecord) => {
    const deployment = state.stored.deployment.get(instance.deployment) as DeploymentRecord
    const seen = topologySeen(deployment, instance)
    const key = `${deployment.id} ${seen} ${instance.version} ${instance.told.vip}`
    const topology = topologies.get(key) ?? topologyOf(state, deployment, seen, instance)
    topologies.set(key, topology)
    return instanceGoal(state, deployment, instance, topology)
  }
  const instances: InstanceGoal[] = []
  const untold: string[] = []
  const threw: Record<string, string> = {}
  for (const instance of instancesOn(state, host)) {
    const goal = attempt(() => goalFor(instance))
    if ('value' in goal) instances.push(goal.value)
    // An instance that is to go and is not in the goal goes; any other stays as it is (F-27).
    else if (instance.told.run !== 'Gone') {
      untold.push(instance.containerId)
      threw[instance.deployment] = goal.threw
    }
  }
  const asks = state.observed.asks.get(host) ?? []
  const version = goalVersionOf(state, host)
  const roads = roadsOf(state, host)
  const more = {
    ...(untold.length > 0 && { untold }),
    ...(isRestored(state, host) && { keepsOthersBut: knownElsewhere(state, host) }),
    ...(roads.length > 0 && { roads }),
  }
  return { goal: { version, instances, ...more, asks }, threw }
}

function instanceGoal(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  topology: readonly TopologyInstance[],
): InstanceGoal {
  const { told } = instance
  const machine = told.run === 'Started' ? 'Started' : 'Stopped'
  const { version, package: found } = versionOf(state, deployment, instance.version, instance.role)
  const prepare = toPrepare(deployment, instance)
  const role = roleOf(found.model.definition.roles, instance.role)
  return {
    key: instance.key,
    containerId: instance.containerId,
    revision: told.revision,
    machine,
    role: machine,
    deleting: told.run === 'Gone',
    epochs: told.epochs,
    packageSha256: found.sha256,
    root: told.root,
    ...(prepare !== undefined && { prepare: { packageSha256: prepare } }),
    keepFormerRoot: deployment.update !== undefined,
    certificates: certificatesFor(state, deployment.service, role, version.configuration),
    guest: {
      deploymentId: deployment.id,
      serviceName: found.model.definition.name,
      role: role.name,
      roleKind: role.kind,
      instance: instance.name,
      deploymentIncarnation: instance.version,
      placement: instance.placement,
      ...configured(role, version.configuration),
      localResources: role.localResources,
      size: sizeOfGuest(instance),
      upgradeDomainCount: found.model.definition.upgradeDomainCount,
      blast: found.model.definition.topologyChangeDiscovery === 'Blast',
      vip: told.vip,
      topology: selfFirst(topology, instance.name),
    },
  }
}

function configured(
  role: RoleDefinition,
  configuration: ServiceConfiguration,
): Pick<GuestSpecification, 'settings' | 'storedCertificates'> {
  const own = configuration.roles.find(({ name }) => name === role.name)
  const storedCertificates = role.certificates.flatMap(({ name, storeName, storeLocation }) => {
    const thumbprint = thumbprintNamed(configuration, role, name)
    const level = storeLocation === 'LocalMachine' ? ('System' as const) : ('User' as const)
    return thumbprint ? [{ name, thumbprint, storeName, level }] : []
  })
  return { settings: own?.settings ?? {}, storedCertificates }
}

/** Thumbprint that a configuration gives to a certificate of the role. */
function thumbprintNamed(
  { roles }: ServiceConfiguration,
  { name: role }: RoleDefinition,
  certificate: string,
): string | undefined {
  const own = roles.find(({ name }) => name === role)
  return own?.certificates.find(({ name }) => name === certificate)?.thumbprint
}

function sizeOfGuest({ size }: InstanceRecord): GuestSpecification['size'] {
  const { id, cores, memoryMB, diskMB } = knownSize(size)
  return { id, cores, memoryMB, diskMB }
}

/**
 * Number of the version whose instances an instance sees: its own, so that they appear and disappear domain by domain; with Blast the newest (U-52,
 * U-53).
 */
function topologySeen({ current, versions }: DeploymentRecord, { version }: InstanceRecord): number {
  return versions[current]?.blast ? current : version
}

/** Every instance of a version with its endpoints (H-35), as one of them sees it: with the certificates of its own version, which change only when it stops (U-49). */
function topologyOf(
  state: FabricState,
  deployment: DeploymentRecord,
  number: number,
  { version, told: { vip } }: InstanceRecord,
): readonly TopologyInstance[] {
  const seen = versionNumbered(deployment, number)
  const { configuration } = versionNumbered(deployment, version)
  const members = instancesOf(state, deployment.id).filter((one) => isMember(seen, one))
  return members.map((instance) => {
    const { model } = versionOf(state, deployment, instance.version, instance.role).package
    const role = roleOf(model.definition.roles, instance.role)
    return {
      id: instance.name,
      role: instance.role,
      address: instance.address,
      faultDomain: instance.faultDomain,
      upgradeDomain: instance.upgradeDomain,
      endpoints: endpointsOf(model.definition, role, instance, vip, configuration),
    }
  })
}

function endpointsOf(
  definition: ServiceDefinition,
  role: RoleDefinition,
  instance: InstanceRecord,
  vip: string,
  configuration: ServiceConfiguration,
): readonly TopologyEndpoint[] {
  return planPorts(role, instance.index).map(({ name, kind, protocol, publicPort, certificate }) => {
    const certificateThumbprint =
      protocol === 'https' && certificate ? thumbprintNamed(configuration, role, certificate) : undefined
    const callers = callersOf(definition, role.name, name)
    const ports = own(instance.ports, name) as { readonly first: number; readonly last: number }
    return {
      name,
      kind,
      protocol,
      port: ports.first,
      lastPort: ports.last,
      ...(publicPort !== undefined && { publicAddress: `${vip}:${publicPort}` }),
      ...(certificateThumbprint && { certificateThumbprint }),
      ...(callers && { callers }),
    }
  })
}

function selfFirst(topology: readonly TopologyInstance[], self: string): readonly TopologyInstance[] {
  return [...topology.filter(({ id }) => id === self), ...topology.filter(({ id }) => id !== self)]
}

function roleOf(roles: readonly RoleDefinition[], name: string): RoleDefinition {
  const role = roles.find((one) => one.name === name)
  if (!role) throw new Error(`an instance of role ${name} exists, but its package has no such role`)
  return role
}
