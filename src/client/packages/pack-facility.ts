import type { Result } from '../../kernel/fault.ts'

/** Makes a package of a definition and sources; `main.ts` brings the machine's. */
export type Pack = (options: {
  /** Path of the .csdef, or of a .csx directory. */
  readonly definition: string
  /** Source directory by role name. */
  readonly roles: Readonly<Record<string, string>>
  /** Source directory by `ROLE/SITE`. */
  readonly sites: Readonly<Record<string, string>>
  /** .NET assembly that is the entry point, by role name. */
  readonly assemblies?: Readonly<Record<string, string>> | undefined
  /** File of `Name=Value` lines by role name. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Directory of plug-in modules. */
  readonly plugins?: string | undefined
  readonly format?: 'legacy' | '2012-03-15' | undefined
  /** A .csx directory instead of a package. */
  readonly copyOnly?: boolean | undefined
  /** The same input gives the same bytes. */
  readonly deterministic?: boolean | undefined
  readonly out: string
}) => Promise<Result<{ readonly files: number; readonly bytes: number; readonly warnings: readonly string[] }>>

/** Makes a directory in this one that is removed when it is disposed of, or the process ends; `main.ts` brings the machine's. */
export type MakeTemporaryDirectory = (within: string) => Disposable & { readonly path: string }
