import type { RootLetter } from '../contract/guest-paths.ts'

/** A role root by its number, from 1, and the package that it is made of. The same package under another number is made anew. */
export interface RoleRoot {
  readonly number: number
  readonly softwareSha256: string
}

/** The content of each drive: a whole role root; a `leftover` that is no longer wanted or was never whole; nothing. */
export type Drives = Readonly<Record<RootLetter, RoleRoot | 'leftover' | undefined>>
