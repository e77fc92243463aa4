import type { Result } from '../../kernel/fault.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'

/** The controller's own packages, by the SHA-256 of their content (design.md 9.9): hosts fetch from here, never from the user's address (B-2). */
export interface PackageStore {
  /** Reads a package from its Blob address once, verifies it, and stores it. A wrong address or package is a fault. */
  fetch(url: string): Promise<Result<StoredPackage>>
  /**
   * Writes `<deployment name>.cspkg` and `.cscfg` into a container of a Blob service (D-20). An existing blob stays, and is a fault, unless it is to
   * be overwritten.
   */
  copy(copy: PackageCopy): Promise<Result<undefined>>
  /**
   * Stores a package that another candidate sends, verified as one that was fetched. A fault when it is none, or not the one of that hash, or finds
   * no room.
   */
  take(sha256: string, content: AsyncIterable<Uint8Array>): Promise<Result<undefined>>
  /** SHA-256 of all stored packages. */
  held(): readonly string[]
  /** The file of a stored package. */
  pathOf(sha256: string): string
  /** Removes a package, before it returns. */
  drop(sha256: string): void
}

export interface StoredPackage {
  readonly sha256: string
  readonly model: ServiceModel
  readonly warnings: readonly string[]
}

export interface PackageCopy {
  /** The request: blobs that it has written itself are no obstacle when it starts again. */
  readonly operation: string
  readonly deploymentName: string
  readonly packageSha256: string
  readonly configurationText: string
  /** In the fabric's own account, or with a signature that allows to write. */
  readonly containerUrl: string
  readonly overwrite: boolean
}
