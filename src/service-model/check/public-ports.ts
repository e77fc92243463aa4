import type { ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'
import { type PublicEndpoint, publicEndpoints } from '../endpoints.ts'

/** Public ports are unique in the service for each transport, ranges of instance input endpoints included (2.4). */
export function checkPublicPorts(notes: Notes, definition: ServiceDefinition): void {
  const endpoints = publicEndpoints(definition)
  endpoints.forEach((endpoint, index) => {
    const other = endpoints.slice(0, index).find((earlier) => overlap(earlier, endpoint))
    if (other) fault(notes, endpoint.endpoint, conflict(endpoint, other))
  })
}

function overlap(one: PublicEndpoint, other: PublicEndpoint): boolean {
  return one.transport === other.transport && one.ports.min <= other.ports.max && other.ports.min <= one.ports.max
}

function conflict(endpoint: PublicEndpoint, other: PublicEndpoint): string {
  const { ports, name, roleName } = endpoint
  // The words of the real service (3.4).
  if (endpoint.kind === 'instanceInput' || other.kind === 'instanceInput')
    return `The reserved port range '${ports.min}-${ports.max}' for endpoint ${name} of role '${roleName}' overlaps with an already defined port or range.`
  return `endpoint ${name} of role ${roleName} has the public ${endpoint.transport} port ${ports.min}, which endpoint ${other.name} of role ${other.roleName} has already.`
}
