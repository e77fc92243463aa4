import type { PackageStore } from '../package-store/package-store.ts'

/** The controller's effects on the world: packages. All else follows from its records. */
export interface ControllerFacilities {
  readonly packages: PackageStore
}
