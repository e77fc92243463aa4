import type { PackageParts } from '../../service-model/cspkg/model-of.ts'

/** A package that was opened, verified and unpacked: what its model is made of, and what its owner should be told. */
export interface PackageReading {
  readonly parts: PackageParts
  readonly warnings: readonly string[]
}
