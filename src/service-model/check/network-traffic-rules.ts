import type { ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'

/** Destinations are internal endpoints that exist; sources are roles that exist (2.13). */
export function checkNetworkTrafficRules(notes: Notes, definition: ServiceDefinition): void {
  const roles = new Map(definition.roles.map((role) => [role.name, role]))
  for (const rule of definition.networkTrafficRules) {
    for (const destination of rule.destinations) {
      const { roleName, endpointName } = destination
      const role = roles.get(roleName)
      if (!role) fault(notes, destination, `a network traffic rule names the role ${roleName}, which does not exist.`)
      else if (!role.internalEndpoints.some((endpoint) => endpoint.name === endpointName))
        fault(
          notes,
          destination,
          `a network traffic rule names ${endpointName}, which is no internal endpoint of role ${roleName}.`,
        )
    }
    for (const source of rule.fromRoles ?? [])
      if (!roles.has(source))
        fault(notes, rule, `a network traffic rule names the role ${source}, which does not exist.`)
  }
}
