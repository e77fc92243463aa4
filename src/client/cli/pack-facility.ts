import type { Result } from '../../kernel/fault.ts'

/** Makes a package of a definition and sources; `main.ts` brings the machine's. */
export type Pack = (options: {
  /** Path of the .csdef. */
  readonly definition: string
  /** Source directory by role name. */
  readonly roles: Readonly<Record<string, string>>
  /** Source directory by `ROLE/SITE`. */
  readonly sites: Readonly<Record<string, string>>
  readonly out: string
}) => Promise<Result<{ readonly files: number; readonly bytes: number; readonly warnings: readonly string[] }>>
