import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'

/** RemoteForwarder stands in one role of the service and forwards to roles with RemoteAccess (2.8, P-23). */
export function checkPlugins(notes: Notes, definition: ServiceDefinition): void {
  const forwarders = definition.roles.filter((role) => doesImport(role, 'RemoteForwarder'))
  for (const role of forwarders.slice(1))
    fault(
      notes,
      role,
      `role ${role.name} imports RemoteForwarder, and so does ${forwarders[0]?.name}; one role of a service may.`,
    )
  if (forwarders.length > 0 && !definition.roles.some((role) => doesImport(role, 'RemoteAccess')))
    fault(
      notes,
      forwarders[0],
      'RemoteForwarder is imported, but no role imports RemoteAccess; import it where you want to connect.',
    )
}

/** Names of modules are found in any case, as on Windows. */
function doesImport({ imports }: RoleDefinition, module: string): boolean {
  return imports.some((name) => name.toLowerCase() === module.toLowerCase())
}
