import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { fault, type Notes, warn } from '../document/notes.ts'

/** Programs are for worker roles; a .NET entry point says its framework (2.3, 2.10). */
export function checkEntryPoints(notes: Notes, definition: ServiceDefinition): void {
  for (const role of definition.roles) checkRole(notes, role)
}

function checkRole(notes: Notes, role: RoleDefinition): void {
  const { entryPoint } = role.runtime
  if (entryPoint?.kind === 'Program' && role.kind === 'WebRole')
    fault(notes, entryPoint, `WebRole ${role.name} has a ProgramEntryPoint; only a WorkerRole may have one.`)
  // A module of the Node host has no framework (role-runtime.md 8, 2a).
  if (entryPoint?.kind === 'NetFx' && !entryPoint.targetFrameworkVersion && !/\.m?js$/i.test(entryPoint.assemblyName))
    fault(notes, entryPoint, `NetFxEntryPoint of role ${role.name} needs the attribute targetFrameworkVersion.`)
  if (!role.enableNativeCodeExecution)
    warn(
      notes,
      role,
      `role ${role.name} asks for .NET partial trust (enableNativeCodeExecution="false"), which is not enforced here.`,
    )
}
