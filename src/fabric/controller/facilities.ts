import type { PackagePeers } from '../package-store/package-peers.ts'
import type { PackageStore } from '../package-store/package-store.ts'

/** The controller's effects on the world: packages. All else follows from its records. */
export interface ControllerFacilities {
  readonly packages: PackageStore
  /** Absent in a fabric of one machine, where nothing is asked of any. */
  readonly peers?: PackagePeers | undefined
}
