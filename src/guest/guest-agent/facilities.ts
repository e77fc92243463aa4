import type { BootstrapperGoal, BootstrapperStart } from '../bootstrapper/protocol.ts'
import type { InstallOrder } from '../certificate-installer/order.ts'
import type { GuestSettings } from '../contract/guest-settings.ts'
import type { AgentLevel } from './log-line.ts'

/** A report whose answer may be held so long, until the container has another incarnation than that in hand (wire-server.md 7). */
export interface HeldReport {
  readonly waitMs: number
  readonly inHand: number
}

/** The effects of a guest agent. An exception is a sentence for the instance's details. */
export interface GuestFacilities {
  readonly settings: GuestSettings
  readonly now: () => number
  readonly guid: () => string
  /** The body of the answer to a GET of the wire server, at a path or a URL of its; undefined for a document that is not the newest any more. */
  readonly get: (target: string) => Promise<string | undefined>
  /** Posts a health report; the newest incarnation that the answer names. */
  readonly postHealth: (body: string, held?: HeldReport) => Promise<number>
  /** Copies an unpacked role to a drive and removes its former content; after a failure the drive is empty. */
  readonly copyRole: (software: string, drive: string) => Promise<void>
  readonly makeDirectories: (paths: readonly string[]) => Promise<void>
  readonly emptyDirectories: (paths: readonly string[]) => Promise<void>
  /** Links an alias to a file of the guest, which need not exist yet. */
  readonly link: (alias: string, target: string) => void
  readonly writeFile: (path: string, text: string) => void
  /** Undefined when there is no such file. */
  readonly readFile: (path: string) => string | undefined
  /** '' when there is none; the beginning of a long one. */
  readonly readNote: (path: string) => string
  /** Fetches certificates and makes the directory anew with them. */
  readonly installCertificates: (order: Pick<InstallOrder, 'url' | 'directory' | 'certificates'>) => Promise<void>
  /** Whether a WaHostBootstrapper is to wait, loaded, until a stack is started. */
  readonly stackAhead: (wanted: boolean) => void
  /** Starts WaHostBootstrapper; the process as the machine recognises it. */
  readonly startStack: (start: BootstrapperStart) => Promise<unknown>
  readonly tellStack: (goal: BootstrapperGoal) => Promise<void>
  readonly killStack: () => void
  /** Bytes below a directory, and its free space, where it is a file system of its own. */
  readonly measure: (path: string) => Promise<{
    readonly heldBytes: number
    readonly leftBytes?: number | undefined
  }>
  /** Leaves the agent that is to run next to WaAppAgent, and ends this process. */
  readonly replaceAgent: (path: string, incarnation: string) => Promise<never>
  log: Record<'status' | 'runtime', (level: AgentLevel, text: string) => void>
}
