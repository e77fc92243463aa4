import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'
import { knownSizes, sizeOf } from '../sizes.ts'

/** Roles of a deployment, and endpoints of each kind. */
const mostOfAKind = 25

/** At least one role, at most 25 roles and endpoints of a kind, known sizes (2.1, 2.4, 4). */
export function checkLimits(notes: Notes, definition: ServiceDefinition): void {
  const { roles } = definition
  if (roles.length === 0) fault(notes, definition, 'the service has no role; define a WebRole or a WorkerRole.')
  checkMost(notes, definition, 'roles', roles.length)
  const endpointsOf = (kind: 'inputEndpoints' | 'internalEndpoints' | 'instanceInputEndpoints') =>
    roles.reduce((sum, role) => sum + role[kind].length, 0)
  checkMost(notes, definition, 'input endpoints', endpointsOf('inputEndpoints'))
  checkMost(notes, definition, 'internal endpoints', endpointsOf('internalEndpoints'))
  checkMost(notes, definition, 'instance input endpoints', endpointsOf('instanceInputEndpoints'))
  for (const role of roles) checkSize(notes, role)
}

function checkMost(notes: Notes, definition: ServiceDefinition, what: string, count: number): void {
  if (count > mostOfAKind) fault(notes, definition, `the service has ${count} ${what}; ${mostOfAKind} is the most.`)
}

function checkSize(notes: Notes, role: RoleDefinition): void {
  if (sizeOf(role.vmSize)) return
  const known = knownSizes.map((size) => size.id).join(', ')
  fault(notes, role, `role ${role.name} has the unknown vmsize "${role.vmSize}"; known sizes: ${known}.`)
}
