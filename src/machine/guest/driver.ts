import type { Socket } from 'node:net'
import type { GuestDisk } from '../../guest/contract/guest-disk.ts'
import type { Drive, Owner } from '../../guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import type { OpenPorts } from '../../guest/contract/open-ports.ts'
import type { Road } from '../../host/contract/goal.ts'
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
  /** The instance's DIP and size; undefined until the goal has named them. */
  readonly address?: string | undefined
  /** Port of its wire server on the machine; undefined until that listens. */
  readonly wirePort?: number | undefined
  /** Local ports at which it may be reached: those of its declared endpoints, and that of its probe. */
  readonly open?: readonly OpenPorts[] | undefined
  /** Its deployment and role; undefined until the goal has named them. */
  readonly owner?: Owner | undefined
  readonly size?: GuestSize | undefined
  /** Its local storage, where it is the guest's alone. */
  readonly disks?: readonly GuestDisk[] | undefined
}

/** What an instance size grants (table 3.2 of service-model.md). */
export interface GuestSize {
  readonly cores: number
  readonly memoryMB: number
}

/** The roads to the guests of other machines, and which of those guests have peers here. */
export interface WantedRoads {
  /** IPv4, where the other machines reach this one. */
  readonly address?: string | undefined
  readonly roads: readonly Road[]
  readonly peers: readonly { readonly address: string; readonly owner: Owner }[]
  /** The guests that run, with their first processes. */
  readonly guests: readonly { readonly address: string; readonly process: ProcessIdentity }[]
}

export interface GuestUsage {
  readonly processes: number
  /** Proportional share of memory of all its processes. */
  readonly memoryBytes: number
}

/**
 * How guests are separated (design.md 4): a port with two implementations, `process` and `namespace`. What cannot be done rejects
 * with an Error whose message a user can act on.
 */
export interface GuestDriver {
  /** Makes what the guests of the host share. What runs already goes on undisturbed. */
  open(): Promise<void>
  /** Removes that again. No guest may run any more. */
  close(): Promise<void>
  /**
   * Makes what the guests share again where somebody else has removed it, such as the machine's rules, and what of it holds for those that run. True:
   * that has happened since this was last asked, and roads are to be laid again.
   */
  restore(): Promise<boolean>
  /** Makes the guest's directories, and one for its sockets, whose path is returned. What an interrupted attempt left is reused. */
  create(guest: GuestPlace): Promise<{ readonly run: string }>
  /** Makes these drives empty; what of the guest still runs is killed before. */
  rebuild(guest: GuestPlace, drives: readonly Drive[]): Promise<void>
  /** Opens the guest's ports and closes all others, where the driver can close any: a guest that runs may be given another definition. */
  openPorts(guest: GuestPlace): Promise<void>
  /** Gives a guest that runs the disks that it lacks, and makes larger which are too small, where the driver has any: it may be given another definition. */
  makeDisks(guest: GuestPlace, process: ProcessIdentity | undefined): Promise<void>
  start(guest: GuestPlace, settings: GuestSettings): Promise<RunningProcess>
  /** The first process of a guest that an earlier run of the host agent started; undefined when it has ended. */
  adopt(process: ProcessIdentity): RunningProcess | undefined
  /** Asks the first process to end, gives it `graceMs`, and kills what is left of the guest; its sockets are removed too. */
  stop(guest: GuestPlace, process: ProcessIdentity | undefined, graceMs: number): Promise<void>
  /** Removes everything that `create` made; what of the guest still runs is killed before. */
  remove(guest: GuestPlace): Promise<void>
  /**
   * Lays the roads that are wanted, takes all others away, and gives guests the MTU that holds on all. Answers with what is wrong with any of them,
   * in sentences.
   */
  layRoads(wanted: WantedRoads): Promise<readonly string[]>
  /** Whether the routes of all roads that were laid are there, and the machine's other routes, in words. */
  groundOfRoads(): { readonly stands: boolean; readonly beside: string }
  /** Whether the other end of a connection to a wire server is in this guest. */
  isGuest(guest: GuestPlace, socket: Socket): Promise<boolean>
  usage(guest: GuestPlace): Promise<GuestUsage>
}
