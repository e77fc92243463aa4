import type { ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'
import { spelledAmong } from '../spelling.ts'

/** Destinations are internal endpoints that exist; sources are roles that exist (2.13). */
export function checkNetworkTrafficRules(notes: Notes, definition: ServiceDefinition): void {
  const roles = new Map(definition.roles.map((role) => [role.name, role]))
  for (const rule of definition.networkTrafficRules) {
    for (const destination of rule.destinations) {
      const { roleName, endpointName } = destination
      const role = roles.get(roleName)
      const endpoints = role?.internalEndpoints.map(({ name }) => name)
      if (!endpoints) fault(notes, destination, noRole(roleName))
      else if (!endpoints.includes(endpointName))
        fault(
          notes,
          destination,
          `a network traffic rule names ${endpointName}, which is no internal endpoint of role ${roleName}.${spelledAmong(endpointName, endpoints)}`,
        )
    }
    for (const source of rule.fromRoles ?? []) if (!roles.has(source)) fault(notes, rule, noRole(source))
  }

  function noRole(name: string): string {
    return `a network traffic rule names the role ${name}, which does not exist.${spelledAmong(name, roles.keys())}`
  }
}
