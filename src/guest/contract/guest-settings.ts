import type { Timers } from '../../kernel/timers.ts'

/** `guest.json` at the root of a guest: what the host agent hands to the processes in it. Mode 0644, owned by the host. */
export interface GuestSettings {
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  readonly containerId: string
  /** `http://address:port`, the guest's own listener of the wire server. */
  readonly wireServer: string
  /** Real directory that holds `c`, `d`, `e`, `f`. */
  readonly root: string
  /** Real directory for the guest's sockets, mode 0700, short (role-runtime.md 2.2). */
  readonly run: string
  /** The instance's DIP. */
  readonly address: string
  /**
   * True: the guest has a network of its own, so nobody else answers at the wire server's address, and programs may listen on
   * all addresses. False: it shares the machine's, where others may take what is free.
   */
  readonly ownNetwork: boolean
  readonly probePort: number
  /** Directory of the platform's bundled programs. */
  readonly programs: string
  /** Directory in which its host compiles the platform's .NET assemblies. */
  readonly assemblies: string
  /** First local port that the guest may bind. */
  readonly firstPort: number
  readonly timers: Timers
}
