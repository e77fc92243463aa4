import type { GuestSpecification } from './guest-specification.ts'

/** What a guest reads from its full configuration document (wire-server.md 6.4). */
export interface GuestConfiguration {
  readonly goalStateIncarnation: number
  readonly specification: GuestSpecification
  /** Real directory of the unpacked role on the host (`Role@software`), readable by the guest, never written. */
  readonly software: string
  /** Hash of the package that the directory comes from. */
  readonly softwareSha256: string
  /** Number of the role root to run from, from 1; its drive letter follows from it (S-34). */
  readonly root: number
  /** What is to be unpacked on the free letter for the role root after this one, while the role runs on (design.md 9.8). */
  readonly next?: { readonly software: string; readonly softwareSha256: string } | undefined
  /** True: the role root before this one stays on its letter. */
  readonly keepFormerRoot: boolean
}
