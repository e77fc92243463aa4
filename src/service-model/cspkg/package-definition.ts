/** `package.xml` of the 2012-03-15 layout (package-format.md 3). */
export interface PackageDefinition {
  readonly productVersion: string
  readonly contents: readonly ContentDefinition[]
  readonly layouts: readonly RoleLayout[]
}

export interface ContentDefinition {
  readonly name: string
  readonly lengthBytes: number
  /** SHA-256 in base64; undefined where the package names no algorithm. */
  readonly hash?: string | undefined
  /** The ZIP part that holds the bytes. */
  readonly dataStorePath: string
}

export interface RoleLayout {
  readonly role: string
  readonly files: readonly LayoutFile[]
}

export interface LayoutFile {
  /** `\approot\server.js`. */
  readonly filePath: string
  /** Name of a ContentDefinition. */
  readonly content: string
  /** xs:dateTime. */
  readonly created: string
  readonly modified: string
}

/** Namespace of the document. */
export const packageNamespace = 'http://schemas.microsoft.com/windowsazure'

/** Key under which PackageMetaData gives the version of the tool. */
export const productVersionKey = 'http://schemas.microsoft.com/windowsazure/ProductVersion/'

/** In front of a role's name in the name of its layout. */
export const rolePrefix = 'Roles/'
