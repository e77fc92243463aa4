import type { PackageParts } from '../../service-model/cspkg/model-of.ts'
import type { Overlays } from './read-overlays.ts'
import type { RoleFile } from './unpack-role.ts'

/** A package that was opened, verified and unpacked: the source of its model, and the messages for its owner. */
export interface PackageReading {
  readonly parts: PackageParts
  /** The files of each role, overlays among them, to be read while the package is open. */
  readonly files: ReadonlyMap<string, readonly RoleFile[]>
  readonly warnings: readonly string[]
}

/** The input for reading a layout besides its quarantine. */
export interface Surroundings {
  readonly overlays: Overlays
  /** Nested ZIPs that stay open until the package has been read. */
  readonly opened: AsyncDisposableStack
}
