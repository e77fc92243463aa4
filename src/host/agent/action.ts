import type { Drive } from '../../guest/contract/guest-paths.ts'
import type { Action } from '../../kernel/agent.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Ask, HostGoal } from '../contract/goal.ts'
import type { HostReport } from '../contract/report.ts'
import type { ContainerRecord, GuestProcess, WantedRoads } from './state.ts'
import type { WitnessSaid } from './witness-said.ts'

/** What a Host Agent does. Those of one container share its key, so that only one of them is ever in flight. */
export type HostAction = Action &
  (
    | { readonly kind: 'fetchPackage'; readonly sha256: string }
    | { readonly kind: 'dropPackage'; readonly sha256: string }
    /** `port` 0: any free one. */
    | { readonly kind: 'listen'; readonly record: ContainerRecord; readonly port: number }
    | { readonly kind: 'createGuest'; readonly record: ContainerRecord }
    | {
        readonly kind: 'rebuildDrives'
        readonly record: ContainerRecord
        readonly drives: readonly Drive[]
        readonly epochs: ContainerRecord['epochs']
      }
    /** Opens the ports of its present endpoints, and closes all others. */
    | { readonly kind: 'openPorts'; readonly record: ContainerRecord }
    /** Gives a running guest its present disks. */
    | { readonly kind: 'makeDisks'; readonly record: ContainerRecord }
    | { readonly kind: 'startGuest'; readonly record: ContainerRecord }
    /** Ends every process of the guest. The first one is asked to end and gets `graceMs`; then all are killed. */
    | { readonly kind: 'stopGuest'; readonly record: ContainerRecord; readonly graceMs: number }
    | { readonly kind: 'removeGuest'; readonly record: ContainerRecord }
    /** Lays these roads to other machines, and takes all others away. */
    | {
        readonly kind: 'layRoads'
        readonly wanted: WantedRoads
        readonly guests: readonly { readonly address: string; readonly process: GuestProcess }[]
      }
    | { readonly kind: 'register' }
    /** Ends all processes of these guests: the host is isolated. Nothing of it is stored, so it is done on a full disk too. */
    | { readonly kind: 'endGuests'; readonly records: readonly ContainerRecord[] }
    /** Asks the other machines when they last heard a master (H-38). */
    | { readonly kind: 'askWitnesses'; readonly roads: NonNullable<HostGoal['roads']> }
    | { readonly kind: 'report'; readonly report: HostReport }
    | { readonly kind: 'answer'; readonly ask: Ask; readonly record?: ContainerRecord | undefined }
  )

/** How an action ended. */
export type HostOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly fault: Fault }
  /** `directory`: as in `HeldPackage`. */
  | { readonly kind: 'unpacked'; readonly directory: string }
  | { readonly kind: 'listening'; readonly port: number }
  /** `troubles`: what is wrong with them, in sentences. */
  | { readonly kind: 'laid'; readonly troubles: readonly string[] }
  | { readonly kind: 'created'; readonly run: string }
  | { readonly kind: 'started'; readonly process: GuestProcess }
  | { readonly kind: 'witnesses'; readonly said: readonly WitnessSaid[] }
