import type { Instant } from '../../kernel/instant.ts'
import type { RoleKind } from '../../service-model/definition.ts'
import type { Owner } from '../contract/guest-paths.ts'
import type { GuestSettings } from '../contract/guest-settings.ts'

/** The goals from the guest agent to the host stack: JSON lines over a socket in the guest's run directory. */
export interface BootstrapperGoal {
  /** Incarnation of the container that this goal carries out. */
  readonly incarnation: number
  readonly state: 'Started' | 'Stopped'
  readonly roleEnvironmentPath: string
  /** A topology change of this goal is sent to all instances at once (U-53). */
  readonly simultaneous: boolean
  /** When `Stopped`: processes that still run then are killed (H-28). */
  readonly deadline?: Instant | undefined
  /** When `Stopped`: the role starts again at once, and finds what waits on its disk. */
  readonly restarts?: boolean | undefined
}

/** The file that a bootstrapper is started with: it holds all that it needs to run alone. */
export interface BootstrapperStart {
  readonly settings: GuestSettings
  readonly owner: Owner
  readonly instance: string
  readonly roleKind: RoleKind
  /** Real path of E: or F:. */
  readonly roleRoot: string
  readonly goal: BootstrapperGoal
  /** Thumbprints of the certificates of https endpoints, by the endpoint's name (I-12). */
  readonly certificates: Readonly<Record<string, string>>
}

/** The bootstrapper's report about the role, complete, at once on every change and on every connection. */
export interface BootstrapperReport {
  readonly status: 'Busy' | 'Ready'
  /** First part of the details of T-6. */
  readonly phase: 'Starting role' | 'Waiting for role to start'
  /** Second part: `System is initializing`. */
  readonly activity: string
  /** Since when status, phase and activity have been these (T-6). */
  readonly since: Instant
  /** Newest goal that the processes of the role have accepted (role-runtime.md 6, rule 7). */
  readonly acceptedIncarnation: number
  /** The role wants a graceful stop and a new start. */
  readonly recycle?: { readonly reason: string; readonly returned: boolean } | undefined
}

/** The file that a bootstrapper leaves when it ends. */
export interface BootstrapperExit {
  readonly why: 'stopped' | 'failed'
  readonly code: number
  readonly at: Instant
  /** The failure, as the activity of T-6; '' after a stop. */
  readonly activity: string
  readonly taskError?: { readonly command: string; readonly exitCode: number } | undefined
}

/** Names in the guest's run directory, as short as the limit of a socket's path asks (role-runtime.md 2.2). */
export const runNames = {
  version: 'v',
  goalState: 'g',
  currentState: 's',
  own: 'r',
  bootstrapper: 'b',
  webServer: 'w',
  start: 'start.json',
  exit: 'exit.json',
} as const

/** 0x80004005: how a bootstrapper ends whose role could not be started (H-15). */
export const startFailedCode = -2147467259
