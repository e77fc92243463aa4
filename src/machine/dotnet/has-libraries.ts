import type { RoleKind } from '../../service-model/definition.ts'
import { librariesDirectory } from '../../service-model/role-plan.ts'
import { ignoringCase, namesIn } from '../guest-os/find-file.ts'
import { lackOfMono } from './mono.ts'

/** Whether a role root has libraries where one with a RoleEntryPoint is looked for (I-18), and this machine can look into them. */
export function hasLibraries(roleRoot: string, kind: RoleKind): boolean {
  const directory = ignoringCase(roleRoot, librariesDirectory(kind))
  if (directory === undefined || lackOfMono() !== undefined) return false
  return namesIn(directory).some((name) => name.toLowerCase().endsWith('.dll'))
}
