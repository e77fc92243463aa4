/** What to pack (package-format.md 6). */
export interface PackOptions {
  /** Path of the .csdef, or of a layout directory (`.csx`, package-format.md 4), which brings all its files. */
  readonly definition: string
  /** Role name → its directory; without it the directory beside the definition that bears the role's name. */
  readonly roles: Readonly<Record<string, string>>
  /** `ROLE/SITE`, or `ROLE/SITE/PATH` for a virtual application or directory, → its directory. */
  readonly sites: Readonly<Record<string, string>>
  /** Role name → the .NET assembly of its entry point, for a role whose definition names none. */
  readonly assemblies?: Readonly<Record<string, string>> | undefined
  /** Role name → file with a line `Name=Value` for each property of its RoleModel. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Directory with a directory for each plug-in module; known modules need none. */
  readonly plugins?: string | undefined
  /** The package to write, replaced if it is there; with `copyOnly` a directory that is empty or absent. */
  readonly out: string
  readonly format?: 'legacy' | '2012-03-15' | undefined
  /** Write the layout directory of the emulator instead of a package. */
  readonly copyOnly?: boolean | undefined
  /** The same input gives the same bytes. */
  readonly deterministic?: boolean | undefined
}
