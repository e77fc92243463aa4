import type { RoleDefinition, ServiceDefinition } from '../../service-model/definition.ts'

/** A file that goes into a package: one on disk, or bytes that the packer made. */
export interface PackFile {
  /** Below the role root, with forward slashes (`approot/server.js`). */
  readonly path: string
  readonly source: string | Buffer
  readonly modifiedMs: number
  /** Its owner may execute it. */
  readonly isProgram?: boolean
}

/** A file with its content measured. */
export interface MeasuredFile extends PackFile {
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string
  readonly sizeBytes: number
}

export interface PackedRole {
  readonly role: RoleDefinition
  /** Sorted by path; RoleModel.xml and the other written files among them. */
  readonly files: readonly MeasuredFile[]
}

/** Everything that either layout is made of. */
export interface PackContent {
  /** Name of the definition file without `.csdef`. */
  readonly base: string
  /** Plug-ins expanded. */
  readonly definition: ServiceDefinition
  readonly roles: readonly PackedRole[]
  /** Named streams, text by path. */
  readonly streams: Readonly<Record<string, string>>
}
