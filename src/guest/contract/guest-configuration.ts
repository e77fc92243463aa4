import type { GuestSpecification } from './guest-specification.ts'

/** What a guest reads from its full configuration document (wire-server.md 6.4). */
export interface GuestConfiguration {
  readonly goalStateIncarnation: number
  readonly specification: GuestSpecification
  /** Real directory of the unpacked role on the host (`Role@software`), readable by the guest, never written. */
  readonly software: string
  /** Hash of the package that the directory comes from: another value means a new role root on the free drive letter (S-34). */
  readonly softwareSha256: string
}
