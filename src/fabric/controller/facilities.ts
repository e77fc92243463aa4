import type { PackageStore } from '../package-store/package-store.ts'

/** What the controller does to the world: it keeps packages. All else it does by what it stores. */
export interface ControllerFacilities {
  readonly packages: PackageStore
}
