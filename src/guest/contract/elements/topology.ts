import type { Element, Markup } from '../../../kernel/xml.ts'
import { child, childrenOf, xml } from '../../../kernel/xml.ts'
import { decimal, oneOf, requiredAttribute, requiredChild } from '../document.ts'
import type { GuestSpecification, TopologyEndpoint, TopologyInstance } from '../guest-specification.ts'
import { certificateId, thumbprintOf } from './environment.ts'

const kinds: readonly TopologyEndpoint['kind'][] = ['input', 'internal', 'instanceInput']
const protocols: readonly TopologyEndpoint['protocol'][] = ['http', 'https', 'tcp', 'udp', 'any']

/** Which instances answer at each endpoint of each role. */
export function outputEndpoints({ topology }: GuestSpecification): Markup {
  const targets = new Map<string, Markup[]>()
  for (const { id, role, endpoints } of topology)
    for (const { name } of endpoints) {
      const key = `${role}:${name}`
      const target = xml('Target', { instance: id, endpoint: name })
      const known = targets.get(key)
      if (known) known.push(target)
      else targets.set(key, [target])
    }
  return xml(
    'OutputEndpoints',
    {},
    [...targets].map(([name, list]) => xml('Endpoint', { name, type: 'SFS' }, list)),
  )
}

/** Every instance that this one may see, itself first (H-35). `roleName` and `kind` are Reddog's own attributes. */
export function instances({ topology, upgradeDomainCount }: GuestSpecification): Markup {
  const one = ({ id, role, address, faultDomain, upgradeDomain, endpoints }: TopologyInstance) =>
    xml('Instance', { id, address, roleName: role }, [
      xml('FaultDomains', { randomId: faultDomain, updateId: upgradeDomain, updateCount: upgradeDomainCount }),
      xml(
        'InputEndpoints',
        {},
        endpoints.map((endpoint) => endpointElement(address, endpoint)),
      ),
    ])
  return xml('Instances', { updateCount: upgradeDomainCount }, topology.map(one))
}

function endpointElement(address: string, endpoint: TopologyEndpoint): Markup {
  const { name, kind, protocol, port, lastPort, publicAddress, certificateThumbprint } = endpoint
  const attributes = {
    name,
    address: `${address}:${port}`,
    protocol,
    isPublic: publicAddress !== undefined,
    loadBalancedPublicAddress: publicAddress,
    enableDirectServerReturn: false,
    isDirectAddress: false,
    disableStealthMode: false,
    certificateId: certificateThumbprint === undefined ? undefined : certificateId(certificateThumbprint),
    enableClientCertNegotiation: certificateThumbprint === undefined ? undefined : false,
    kind,
  }
  return xml('Endpoint', attributes, xml('LocalPorts', {}, xml('LocalPortRange', { from: port, to: lastPort })))
}

/** The instances of `Instances`, and the upgrade domain count that they name. Throws XmlError. */
export function readInstances(root: Element): Pick<GuestSpecification, 'topology' | 'upgradeDomainCount'> {
  const list = requiredChild(root, 'Instances')
  return {
    upgradeDomainCount: decimal(requiredAttribute(list, 'updateCount'), list),
    topology: childrenOf(list, 'Instance').map(readInstance),
  }
}

function readInstance(element: Element): TopologyInstance {
  const domains = requiredChild(element, 'FaultDomains')
  return {
    id: requiredAttribute(element, 'id'),
    role: requiredAttribute(element, 'roleName'),
    address: requiredAttribute(element, 'address'),
    faultDomain: decimal(requiredAttribute(domains, 'randomId'), domains),
    upgradeDomain: decimal(requiredAttribute(domains, 'updateId'), domains),
    endpoints: childrenOf(child(element, 'InputEndpoints'), 'Endpoint').map(readEndpoint),
  }
}

function readEndpoint(element: Element): TopologyEndpoint {
  const range = requiredChild(requiredChild(element, 'LocalPorts'), 'LocalPortRange')
  const certificate = element.attributes['certificateId']
  const publicAddress = element.attributes['loadBalancedPublicAddress']
  return {
    name: requiredAttribute(element, 'name'),
    kind: oneOf(kinds, requiredAttribute(element, 'kind'), element),
    protocol: oneOf(protocols, requiredAttribute(element, 'protocol'), element),
    port: decimal(requiredAttribute(range, 'from'), range),
    lastPort: decimal(requiredAttribute(range, 'to'), range),
    ...(publicAddress === undefined ? {} : { publicAddress }),
    ...(certificate === undefined ? {} : { certificateThumbprint: thumbprintOf(certificate) }),
  }
}
