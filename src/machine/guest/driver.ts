import type { Drive } from '../../guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import type { ProcessIdentity, RunningProcess } from '../process.ts'

/** One guest, as its driver knows it. */
export interface GuestPlace {
  readonly containerId: string
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
  /** Real directory of the guest. */
  readonly root: string
  /** Undefined: the guest runs under the host's own account. */
  readonly uid?: number | undefined
  /** Directory of the guest's sockets, as `create` returned it. */
  readonly run?: string | undefined
}

export interface GuestUsage {
  readonly processes: number
  /** Proportional share of memory of all its processes. */
  readonly memoryBytes: number
}

/**
 * How guests are kept apart (design.md 4): a port with one implementation, `process`, until `namespace` comes.
 * Whatever cannot be done rejects with an Error whose message a user can act on.
 */
export interface GuestDriver {
  /** Makes the guest's directories, and one for its sockets, whose path is returned. What an interrupted attempt left is taken over. */
  create(guest: GuestPlace): Promise<{ readonly run: string }>
  /** Makes these drives empty. */
  rebuild(guest: GuestPlace, drives: readonly Drive[]): Promise<void>
  start(guest: GuestPlace, settings: GuestSettings): Promise<RunningProcess>
  /** The first process of a guest that an earlier run of the host agent started; undefined when it has ended. */
  adopt(process: ProcessIdentity): RunningProcess | undefined
  /** Asks the first process to end, gives it `graceMs`, and kills whatever is left of the guest; its sockets go too. */
  stop(guest: GuestPlace, process: ProcessIdentity | undefined, graceMs: number): Promise<void>
  /** Removes everything that `create` made. Nothing of the guest may run any more. */
  remove(guest: GuestPlace): Promise<void>
  usage(guest: GuestPlace): Promise<GuestUsage>
}
