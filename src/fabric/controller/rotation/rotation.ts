import { defaultProbePort } from '../../../host/contract/goal.ts'
import { attempt } from '../../../kernel/attempt.ts'
import { own } from '../../../kernel/own.ts'
import type { Timers } from '../../../kernel/timers.ts'
import type { NetworkConfiguration } from '../../../service-model/configuration.ts'
import type {
  InputEndpoint,
  InstanceInputEndpoint,
  LoadBalancerProbe,
  ServiceDefinition,
} from '../../../service-model/definition.ts'
import { type PublicEndpoint as PublicPort, publicEndpoints } from '../../../service-model/endpoints.ts'
import type { Probe, PublicEndpoint, RotationMember, RotationTable } from '../../contract/rotation.ts'
import { withThrown } from '../history/set-aside.ts'
import { instancesOf, versionOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, observe } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { sitePorts } from './site-ports.ts'

/** The table that the load balancer is to serve (L-1). */
export function rotationOf(state: FabricState): RotationTable {
  const { version, endpoints } = state.observed.rotation
  return { version, endpoints: [...endpoints.values()].flat() }
}

/**
 * The table after some deployments changed. Its version grows by one if, and only if, an endpoint has changed, so that the balancer applies all
 * changes at once (U-62).
 */
export function refreshRotation(before: FabricState, deployments: Iterable<string>): FabricState {
  let state = before
  const { version, endpoints } = state.observed.rotation
  let changed = endpoints
  for (const id of deployments) {
    const deployment = state.stored.deployment.get(id)
    const found = attempt(() => (deployment ? endpointsOf(before, deployment) : []))
    state = withThrown(state, deploymentSubject(id), 'rotation', 'threw' in found ? found.threw : undefined)
    // Its endpoints stay as they are until they can be computed; nothing leads to a deployment that is to go.
    if ('threw' in found && deployment?.wanted !== 'Deleted') continue
    const now = 'threw' in found ? [] : found.value
    if (JSON.stringify(now) === JSON.stringify(endpoints.get(id) ?? [])) continue
    changed = now.length === 0 ? changed.delete(id) : changed.set(id, now)
  }
  if (changed === endpoints) return state
  return observe(state, { rotation: { version: version + 1, endpoints: changed } })
}

/** Whether a role has a port at the VIP: without one it is in no rotation (L-17). */
export function isPublic(definition: ServiceDefinition, role: string): boolean {
  return publicEndpoints(definition).some(({ roleName }) => roleName === role)
}

function endpointsOf(state: FabricState, deployment: DeploymentRecord): readonly PublicEndpoint[] {
  if (deployment.request) return []
  const { version, package: kept } = versionOf(state, deployment, deployment.current)
  const { definition } = kept.model
  const source = { definition, network: version.configuration.network }
  const instances = instancesOf(state, deployment.id)
  // While endpoints are being added in place, instances of the former version do not have them yet (table 7.1).
  const served = publicEndpoints(definition).flatMap((found) => servedAt(state, deployment, source, found, instances))
  return formerEndpoints(state, deployment, definition, instances).reduce(withFormer, served)
}

/** Where an endpoint is read from. */
interface Source {
  readonly definition: ServiceDefinition
  readonly network: NetworkConfiguration
}

/** What the balancer serves for an endpoint, by those of these instances that have it: one port, or one for each where it is an instance's own. */
function servedAt(
  state: FabricState,
  deployment: DeploymentRecord,
  { definition, network }: Source,
  found: PublicPort,
  instances: readonly InstanceRecord[],
): readonly PublicEndpoint[] {
  const ofRole = instances.filter(({ role, ports }) => role === found.roleName && ports[found.name])
  const id = `${deployment.id}/${found.roleName}/${found.name}`
  const shared = {
    vip: deployment.vip,
    hostNames: hostNames(state, deployment),
    idleTimeoutMs: idleTimeoutMs(found.endpoint),
    ...aclOf(network, found),
  }
  if (found.kind === 'instanceInput')
    return ofRole.map((instance) => ({
      ...shared,
      id: `${id}/${instance.name}`,
      port: found.ports.min + instance.index,
      protocol: found.endpoint.protocol,
      distribution: 'none',
      members: [member(state, deployment, instance, found, true)],
    }))
  const { protocol, loadBalancerDistribution, ignoreRoleInstanceStatus } = found.endpoint
  const probe = definition.loadBalancerProbes.find(({ name }) => name === found.endpoint.loadBalancerProbe)
  return [
    {
      ...shared,
      id,
      port: found.ports.min,
      protocol,
      distribution: loadBalancerDistribution,
      members: ofRole.map((instance) => ({
        ...member(state, deployment, instance, found, ignoreRoleInstanceStatus),
        probe: probeOf(instance, found.endpoint, probe, state.facts.timers),
      })),
    },
  ]
}

/** Endpoints that the version in force does not have any more, by the instances that still run the one which has: nobody has stopped them (U-27). */
function formerEndpoints(
  state: FabricState,
  deployment: DeploymentRecord,
  definition: ServiceDefinition,
  instances: readonly InstanceRecord[],
): readonly PublicEndpoint[] {
  if (!deployment.update) return []
  const place = ({ roleName, name, ports, transport }: PublicPort) => [roleName, name, ports.min, transport].join('/')
  const present = new Set(publicEndpoints(definition).map(place))
  const groups = Map.groupBy(
    instances.filter(({ version }) => version !== deployment.current),
    ({ version, role }) => `${version}/${role}`,
  )
  return [...groups.values()].flatMap((members) => {
    const { version: number, role } = members[0] as InstanceRecord
    const { version, package: kept } = versionOf(state, deployment, number, role)
    const source = { definition: kept.model.definition, network: version.configuration.network }
    return publicEndpoints(source.definition)
      .filter((found) => found.roleName === role && !present.has(place(found)))
      .flatMap((found) => servedAt(state, deployment, source, found, members))
      .map((endpoint) => ({ ...endpoint, id: `${endpoint.id}/${number}` }))
  })
}

/** At a port that both versions have, under whatever name, the members of both serve. */
function withFormer(served: readonly PublicEndpoint[], former: PublicEndpoint): readonly PublicEndpoint[] {
  if (former.members.length === 0) return served
  const isUdp = ({ protocol }: PublicEndpoint) => protocol === 'udp'
  const at = served.findIndex((one) => one.port === former.port && isUdp(one) === isUdp(former))
  const there = served[at]
  if (!there) return [...served, former]
  const further = former.members.filter(({ instance }) => there.members.every((one) => one.instance !== instance))
  return served.with(at, { ...there, members: [...there.members, ...further] })
}

/** L-15: production by the service's name, staging by the deployment's ID. */
function hostNames({ facts, stored }: FabricState, deployment: DeploymentRecord): readonly string[] {
  const first = deployment.slot === 'Production' ? stored.service.get(deployment.service)?.name : deployment.id
  return [`${first}.${facts.dnsSuffix}`.toLowerCase()]
}

/** The rules that the configuration in force gives an endpoint (L-18), ascending as it was read. */
function aclOf(
  { accessControls, endpointAcls }: NetworkConfiguration,
  { roleName, name }: { readonly roleName: string; readonly name: string },
): Pick<PublicEndpoint, 'acl'> {
  const chosen = endpointAcls.find(({ role, endPoint }) => role === roleName && endPoint === name)
  const control = chosen && accessControls.find((one) => one.name === chosen.accessControl)
  return control ? { acl: control.rules.map(({ action, remoteSubnet }) => ({ action, remoteSubnet })) } : {}
}

function idleTimeoutMs({ idleTimeoutInMinutes }: InputEndpoint | InstanceInputEndpoint): number {
  return idleTimeoutInMinutes * 60_000
}

function member(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  { name, transport }: Pick<PublicPort, 'name' | 'transport'>,
  whateverStatus: boolean,
): RotationMember {
  const port = own(instance.ports, name)?.first as number
  const serves = whateverStatus ? instance.told.run === 'Started' : instance.inRotation
  const leaves = state.observed.leaving.has(instance.key)
  return {
    instance: instance.key,
    address: instance.address,
    port,
    ...(instance.account === undefined ? {} : { account: instance.account }),
    state: serves ? (leaves ? 'draining' : 'in') : 'out',
    ...(transport === 'tcp' && hasSiteAt(state, deployment, instance, port) ? { isToldClient: true } : {}),
  }
}

/** By the version that the instance runs: while an update gives a role its first sites, others do not understand yet what the balancer sends. */
function hasSiteAt(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord, port: number): boolean {
  const { roleModels } = versionOf(state, deployment, instance.version, instance.role).package.model
  return sitePorts(own(roleModels, instance.role)?.sites ?? [], instance).has(port)
}

/** The default probe asks the guest agent (L-2); a custom one replaces it (L-3). There is no probe where status does not count (L-6). */
function probeOf(
  { address, ports }: InstanceRecord,
  endpoint: InputEndpoint,
  custom: LoadBalancerProbe | undefined,
  timers: Timers,
): Probe | undefined {
  if (custom)
    return {
      protocol: custom.protocol,
      address,
      port: custom.port ?? (own(ports, endpoint.name)?.first as number),
      path: custom.path,
      intervalMs: custom.intervalInSeconds * 1_000,
      timeoutMs: custom.timeoutInSeconds * 1_000,
    }
  if (endpoint.ignoreRoleInstanceStatus) return undefined
  return {
    protocol: 'http',
    address,
    port: defaultProbePort,
    path: '/',
    intervalMs: timers.lbProbeInterval,
    timeoutMs: timers.lbProbeTimeout,
  }
}
