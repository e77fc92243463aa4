import { child, childrenOf, type Element, type Markup, parseXml, xml } from '../kernel/xml.ts'

/** What an instance knows about itself and its peers: the document that the runtime reads and xpaths are evaluated on (role-runtime.md 5). */
export interface RoleEnvironment {
  readonly deploymentId: string
  readonly emulated: boolean
  readonly currentInstance: CurrentInstance
  /** Every role with an internal endpoint, each with all its instances, the current one included. */
  readonly roles: readonly { readonly name: string; readonly instances: readonly PeerInstance[] }[]
}

export interface CurrentInstance {
  readonly id: string
  readonly roleName: string
  readonly faultDomain: number
  readonly updateDomain: number
  readonly settings: Readonly<Record<string, string>>
  /** `path` ends in a separator. */
  readonly localResources: readonly { readonly name: string; readonly path: string; readonly sizeInMB: number }[]
  /** Input, instance input and internal ones. */
  readonly endpoints: readonly EnvironmentEndpoint[]
}

export interface PeerInstance {
  readonly id: string
  readonly faultDomain: number
  readonly updateDomain: number
  /** Internal ones only. */
  readonly endpoints: readonly EnvironmentEndpoint[]
}

export interface EnvironmentEndpoint {
  readonly name: string
  /** The instance's internal address (DIP). */
  readonly address: string
  /** The local port. */
  readonly port: number
  readonly protocol: string
  readonly publicPort?: number | undefined
}

/**
 * The document of a role environment, on one line. The containers of the current instance and `Roles` are always
 * written, and so is `Endpoints` of every instance: clients fail without them (rule 2).
 */
export function writeRoleEnvironment(environment: RoleEnvironment): string {
  const { deploymentId, emulated, currentInstance: current, roles } = environment
  const { id, roleName, faultDomain, updateDomain } = current
  const document = xml('RoleEnvironment', schemaNamespaces, [
    xml('Deployment', { id: deploymentId, emulated }),
    xml('CurrentInstance', { id, roleName, faultDomain, updateDomain }, [
      xml(
        'ConfigurationSettings',
        {},
        Object.entries(current.settings).map(([name, value]) => xml('ConfigurationSetting', { name, value })),
      ),
      xml(
        'LocalResources',
        {},
        current.localResources.map(({ name, path, sizeInMB }) => xml('LocalResource', { name, path, sizeInMB })),
      ),
      writeEndpoints(current.endpoints),
    ]),
    xml('Roles', {}, roles.filter(hasEndpoints).map(writeRole)),
  ])
  return `<?xml version="1.0" encoding="utf-8"?>${document.markup}`
}

/** The role environment of a document of `writeRoleEnvironment`. Throws XmlError when it is not well-formed XML. */
export function readRoleEnvironment(text: string): RoleEnvironment {
  const root = parseXml(text)
  const deployment = child(root, 'Deployment')
  const current = child(root, 'CurrentInstance')
  return {
    deploymentId: attribute(deployment, 'id'),
    emulated: attribute(deployment, 'emulated') === 'true',
    currentInstance: {
      ...readInstance(current),
      roleName: attribute(current, 'roleName'),
      settings: Object.fromEntries(
        childrenOf(child(current, 'ConfigurationSettings'), 'ConfigurationSetting').map((setting) => [
          attribute(setting, 'name'),
          attribute(setting, 'value'),
        ]),
      ),
      localResources: childrenOf(child(current, 'LocalResources'), 'LocalResource').map((resource) => ({
        name: attribute(resource, 'name'),
        path: attribute(resource, 'path'),
        sizeInMB: Number(attribute(resource, 'sizeInMB')),
      })),
    },
    roles: childrenOf(child(root, 'Roles'), 'Role').map((role) => ({
      name: attribute(role, 'name'),
      instances: childrenOf(child(role, 'Instances'), 'Instance').map(readInstance),
    })),
  }
}

const schemaNamespaces = {
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

/** A role without an internal endpoint is not listed (rule 3). */
function hasEndpoints(role: RoleEnvironment['roles'][number]): boolean {
  return role.instances.some((instance) => instance.endpoints.length > 0)
}

function writeRole({ name, instances }: RoleEnvironment['roles'][number]): Markup {
  const written = instances.map(({ id, faultDomain, updateDomain, endpoints }) =>
    xml('Instance', { id, faultDomain, updateDomain }, writeEndpoints(endpoints)),
  )
  return xml('Role', { name }, xml('Instances', {}, written))
}

function writeEndpoints(endpoints: readonly EnvironmentEndpoint[]): Markup {
  const written = endpoints.map(({ name, address, port, protocol, publicPort }) =>
    // Clients know no protocol `any` (rule 4).
    xml('Endpoint', { name, address, port, protocol: protocol === 'any' ? 'tcp' : protocol, publicPort }),
  )
  return xml('Endpoints', {}, written)
}

function readInstance(element: Element | undefined): PeerInstance {
  return {
    id: attribute(element, 'id'),
    faultDomain: Number(attribute(element, 'faultDomain')),
    updateDomain: Number(attribute(element, 'updateDomain')),
    endpoints: childrenOf(child(element, 'Endpoints'), 'Endpoint').map((endpoint) => ({
      name: attribute(endpoint, 'name'),
      address: attribute(endpoint, 'address'),
      port: Number(attribute(endpoint, 'port')),
      protocol: attribute(endpoint, 'protocol'),
      ...(endpoint.attributes['publicPort'] !== undefined && { publicPort: Number(endpoint.attributes['publicPort']) }),
    })),
  }
}

function attribute(element: Element | undefined, name: string): string {
  return element?.attributes[name] ?? ''
}
