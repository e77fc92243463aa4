import { type Content, type Markup, xml } from '../kernel/xml.ts'
import type {
  InputEndpoint,
  InstanceInputEndpoint,
  InternalEndpoint,
  LoadBalancerProbe,
  NetworkTrafficRule,
  PortRange,
  RoleDefinition,
  ServiceDefinition,
} from './definition.ts'
import { definitionNamespace } from './namespaces.ts'

/**
 * The reduced definition in a package (package-format.md 2.3): roles with sizes, local resources, settings, endpoints and
 * certificates, web roles first, and what belongs to the root. The plug-ins of `expanded` are expanded.
 */
export function writePackagedDefinition(expanded: ServiceDefinition): string {
  const { name, upgradeDomainCount, topologyChangeDiscovery, loadBalancerProbes, roles, networkTrafficRules } = expanded
  const attributes = {
    xmlns: definitionNamespace,
    name,
    upgradeDomainCount: unless(5, upgradeDomainCount),
    topologyChangeDiscovery: unless('UpgradeDomainWalk', topologyChangeDiscovery),
  }
  const root = xml('ServiceDefinition', attributes, [
    unlessEmpty('LoadBalancerProbes', loadBalancerProbes.map(writeProbe)),
    roles.filter((role) => role.kind === 'WebRole').map(writeRole),
    roles.filter((role) => role.kind === 'WorkerRole').map(writeRole),
    unlessEmpty('NetworkTrafficRules', networkTrafficRules.map(writeRule)),
  ])
  return `<?xml version="1.0" encoding="utf-8"?>${root.markup}`
}

/** Exactly these four children, also when they are empty; settings and endpoints of a kind in ordinal order. */
function writeRole(role: RoleDefinition): Markup {
  const { name, vmSize, localResources, settings, certificates } = role
  const stores = localResources.map((resource) =>
    xml('LocalStorage', {
      name: resource.name,
      sizeInMB: resource.sizeInMB,
      cleanOnRoleRecycle: unless(true, resource.cleanOnRoleRecycle),
    }),
  )
  return xml(role.kind, { name, vmsize: unless('Small', vmSize) }, [
    xml('LocalResources', {}, stores),
    xml(
      'ConfigurationSettings',
      {},
      settings.toSorted().map((setting) => xml('Setting', { name: setting })),
    ),
    xml('Endpoints', {}, [
      byName(role.inputEndpoints).map(writeInput),
      byName(role.internalEndpoints).map(writeInternal),
      byName(role.instanceInputEndpoints).map(writeInstanceInput),
    ]),
    xml(
      'Certificates',
      {},
      certificates.map(({ name: certificate, storeLocation, storeName }) =>
        xml('Certificate', { name: certificate, storeLocation, storeName }),
      ),
    ),
  ])
}

function writeInput(endpoint: InputEndpoint): Markup {
  const { name, protocol, port, certificate, localPort, loadBalancerProbe, loadBalancer } = endpoint
  return xml('InputEndpoint', {
    name,
    protocol,
    port,
    certificate,
    localPort,
    ignoreRoleInstanceStatus: unless(false, endpoint.ignoreRoleInstanceStatus),
    loadBalancerProbe,
    loadBalancer,
    idleTimeoutInMinutes: unless(4, endpoint.idleTimeoutInMinutes),
    loadBalancerDistribution: unless('none', endpoint.loadBalancerDistribution),
  })
}

function writeInternal({ name, protocol, range }: InternalEndpoint): Markup {
  return xml('InternalEndpoint', { name, protocol }, range && writeRange(range))
}

function writeInstanceInput({
  name,
  localPort,
  protocol,
  publicPorts,
  idleTimeoutInMinutes,
}: InstanceInputEndpoint): Markup {
  const attributes = { name, localPort, protocol, idleTimeoutInMinutes: unless(4, idleTimeoutInMinutes) }
  return xml('InstanceInputEndpoint', attributes, xml('AllocatePublicPortFrom', {}, writeRange(publicPorts)))
}

function writeRange({ min, max }: PortRange): Markup {
  return xml('FixedPortRange', { min, max })
}

function writeProbe({ name, protocol, path, port, intervalInSeconds, timeoutInSeconds }: LoadBalancerProbe): Markup {
  return xml('LoadBalancerProbe', { name, protocol, path, port, intervalInSeconds, timeoutInSeconds })
}

function writeRule({ destinations, fromRoles }: NetworkTrafficRule): Markup {
  const endpoints = destinations.map(({ roleName, endpointName }) => xml('RoleEndpoint', { roleName, endpointName }))
  const source = fromRoles
    ? xml(
        'WhenSource',
        { matches: 'AnyRule' },
        fromRoles.map((roleName) => xml('FromRole', { roleName })),
      )
    : xml('AllowAllTraffic')
  return xml('OnlyAllowTrafficTo', {}, [xml('Destinations', {}, endpoints), source])
}

function unless<Value>(usual: Value, value: Value): Value | undefined {
  return value === usual ? undefined : value
}

function unlessEmpty(name: string, content: readonly Content[]): Markup | undefined {
  return content.length > 0 ? xml(name, {}, content) : undefined
}

function byName<Piece extends { readonly name: string }>(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)))
}
