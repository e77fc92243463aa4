import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { diagnosticStore } from '../diagnostic-store.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { reservedDiskMB, sizeOf } from '../sizes.ts'

/** The local stores of a role, DiagnosticStore included, fit the disk of its size (2.7). */
export function checkLocalStorage(notes: Notes, definition: ServiceDefinition): void {
  for (const role of definition.roles) checkRole(notes, role)
}

function checkRole(notes: Notes, role: RoleDefinition): void {
  const size = sizeOf(role.vmSize)
  if (!size) return
  const own = role.localResources.reduce((sum, resource) => sum + resource.sizeInMB, 0)
  const declared = role.localResources.some((resource) => resource.name === diagnosticStore.name)
  const total = own + (declared ? 0 : diagnosticStore.sizeInMB)
  const told = `role ${role.name} asks for ${total} MB of local storage, DiagnosticStore included; ${role.vmSize} has ${size.diskMB} MB`
  if (total > size.diskMB) fault(notes, role, `${told}. Ask for less or choose a larger vmsize.`)
  else if (total > size.diskMB - reservedDiskMB)
    warn(notes, role, `${told}, of which the system reserves ${reservedDiskMB} MB.`)
}
