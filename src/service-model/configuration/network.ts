import type { Element } from '../../kernel/xml.ts'
import type { NetworkConfiguration } from '../configuration.ts'
import { text } from '../document/attributes.ts'
import { fault, type Notes, placed, warn } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { readAccessControls } from './access-controls.ts'

/** `NetworkConfiguration` (3.3). Parts for which Reddog has no network are accepted, with a warning. */
export function readNetwork(notes: Notes, root: Element): NetworkConfiguration {
  const element = one(notes, root, 'NetworkConfiguration')
  if (element) checkContainers(notes, element)
  const assignments = one(notes, element, 'AddressAssignments')
  const site = one(notes, element, 'VirtualNetworkSite')
  const reserved = many(notes, one(notes, assignments, 'ReservedIPs'), 'ReservedIP')
  if (reserved.length > 1) fault(notes, reserved[1], 'ReservedIPs holds two addresses; a deployment has one.')
  return {
    accessControls: readAccessControls(notes, element),
    endpointAcls: readEndpointAcls(notes, element),
    instanceAddresses: many(notes, assignments, 'InstanceAddress').map((address) =>
      placed(notes, address, { roleName: text(notes, address, 'roleName') }),
    ),
    loadBalancers: many(notes, one(notes, element, 'LoadBalancers'), 'LoadBalancer').map((balancer) =>
      text(notes, balancer, 'name'),
    ),
    reservedIPs: reserved.map((address) => text(notes, address, 'name')),
    ...(site && { virtualNetworkSite: text(notes, site, 'name') }),
  }
}

function checkContainers(notes: Notes, element: Element): void {
  checkShape(notes, element, {
    once: [
      'Dns',
      'VirtualNetworkSite',
      'AddressAssignments',
      'AccessControls',
      'EndpointAcls',
      'LoadBalancers',
      'NetworkSecurityGroupRefs',
    ],
  })
  // Extended support added elements and attributes below these; none of them names an endpoint or a role's setting.
  for (const local of ['Dns', 'VirtualNetworkSite', 'LoadBalancers', 'NetworkSecurityGroupRefs'])
    for (const found of many(notes, element, local)) passOver(notes, found)
  for (const found of many(notes, one(notes, element, 'AddressAssignments'), 'InstanceAddress')) passOver(notes, found)
}

function passOver(notes: Notes, element: Element): void {
  const named = element.attributes['roleName'] ?? element.attributes['name']
  const which = named ? ` "${named}"` : ''
  warn(
    notes,
    element,
    `${element.local}${which} is accepted and not done: Reddog gives addresses from its own network, and no public address to an instance.`,
  )
}

function readEndpointAcls(notes: Notes, element: Element | undefined): NetworkConfiguration['endpointAcls'] {
  const seen = new Set<string>()
  return many(notes, one(notes, element, 'EndpointAcls'), 'EndpointAcl').map((acl) => {
    // The published reference writes `endpoint`, the XSD and real files `endPoint` (3.3).
    checkShape(notes, acl, { attributes: ['role', 'endPoint', 'endpoint', 'accessControl'] })
    const attribute = acl.attributes['endpoint'] === undefined ? 'endPoint' : 'endpoint'
    const [role, endPoint] = [text(notes, acl, 'role'), text(notes, acl, attribute)]
    const endpoint = `${role}/${endPoint}`.toLowerCase()
    if (seen.has(endpoint))
      fault(notes, acl, `two access controls are put on the endpoint ${endPoint} of role ${role}; keep one.`)
    seen.add(endpoint)
    return placed(notes, acl, { role, endPoint, accessControl: text(notes, acl, 'accessControl') })
  })
}
