import type { Drive, RootLetter } from '../../guest/contract/guest-paths.ts'
import type { RoleRoot } from '../../guest/guest-agent/drives.ts'
import type { Remembered } from '../../guest/guest-agent/recall.ts'
import type { RoleEnvironment } from '../../service-model/role-environment.ts'

/** What is on the drives of one guest; it outlives the guest's processes. */
export interface Drives {
  /** What is complete on E: and F:. */
  readonly roots: Map<RootLetter, RoleRoot>
  /** On C:, role environment documents by path. */
  readonly environments: Map<string, RoleEnvironment>
  /** On C:, the version of the deployment in the configuration of each incarnation. */
  readonly versions: Map<number, number>
  /** On D:, incarnation of the guest agent that WaAppAgent has installed. */
  agent?: string | undefined
  /** On C:, what the guest agent leaves to the next one. */
  memory?: Remembered | undefined
}

export function emptyDrives(): Drives {
  return { roots: new Map(), environments: new Map(), versions: new Map() }
}

/** Rebuilds drives (table 3.1). */
export function rebuild(drives: Drives, rebuilt: readonly Drive[]): void {
  if (rebuilt.includes('c')) {
    drives.environments.clear()
    drives.versions.clear()
    drives.memory = undefined
  }
  if (rebuilt.includes('d')) drives.agent = undefined
  if (rebuilt.includes('e')) drives.roots.delete('E')
  if (rebuilt.includes('f')) drives.roots.delete('F')
}
