import type { Element } from '../../kernel/xml.ts'
import type { NetworkTrafficRule } from '../definition.ts'
import { choice, text } from '../document/attributes.ts'
import { fault, type Notes, placed, warn } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `NetworkTrafficRules/OnlyAllowTrafficTo`; several elements of either name are merged, as published examples have them (2.13). */
export function readNetworkTrafficRules(notes: Notes, root: Element): readonly NetworkTrafficRule[] {
  const containers = many(notes, root, 'NetworkTrafficRules')
  if (containers.length > 1)
    warn(notes, containers[1], `${containers.length} NetworkTrafficRules elements are read as one.`)
  return containers.flatMap((container) => {
    checkShape(notes, container, { many: ['OnlyAllowTrafficTo'] })
    return many(notes, container, 'OnlyAllowTrafficTo').map((rule) => readRule(notes, rule))
  })
}

function readRule(notes: Notes, element: Element): NetworkTrafficRule {
  checkShape(notes, element, { once: ['Destinations', 'AllowAllTraffic', 'WhenSource'] })
  const whenSource = one(notes, element, 'WhenSource')
  const everybody = one(notes, element, 'AllowAllTraffic')
  if (whenSource && everybody)
    warn(notes, element, 'OnlyAllowTrafficTo has WhenSource and AllowAllTraffic; WhenSource holds.')
  if (!whenSource && !everybody)
    fault(notes, element, 'OnlyAllowTrafficTo needs WhenSource or AllowAllTraffic to say who may call.')
  return placed(notes, element, {
    destinations: readDestinations(notes, element),
    ...(whenSource && { fromRoles: readSources(notes, whenSource) }),
  })
}

function readDestinations(notes: Notes, rule: Element): NetworkTrafficRule['destinations'] {
  const container = one(notes, rule, 'Destinations')
  if (container) checkShape(notes, container, { many: ['RoleEndpoint'] })
  const endpoints = many(notes, container, 'RoleEndpoint')
  if (endpoints.length === 0)
    fault(notes, container ?? rule, 'OnlyAllowTrafficTo needs a RoleEndpoint in Destinations.')
  return endpoints.map((endpoint) => {
    checkShape(notes, endpoint, { attributes: ['roleName', 'endpointName'] })
    return placed(notes, endpoint, {
      roleName: text(notes, endpoint, 'roleName'),
      endpointName: text(notes, endpoint, 'endpointName'),
    })
  })
}

function readSources(notes: Notes, whenSource: Element): readonly string[] {
  checkShape(notes, whenSource, { attributes: ['matches'], many: ['FromRole'] })
  choice(notes, whenSource, 'matches', ['AnyRule'])
  const sources = many(notes, whenSource, 'FromRole')
  if (sources.length === 0) fault(notes, whenSource, 'WhenSource needs at least one FromRole.')
  return sources.map((source) => {
    checkShape(notes, source, { attributes: ['roleName'] })
    return text(notes, source, 'roleName')
  })
}
