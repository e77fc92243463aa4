import type { Instant } from '../../kernel/instant.ts'
import type { ProbeOutcome, Served } from '../contract/data-plane.ts'
import type { Probe, PublicEndpoint, RotationReport, RotationTable } from '../contract/rotation.ts'

/** What can be decided by itself. */
export type Subject = 'rotation' | 'copy' | 'report' | `probe ${string}`

export type Message =
  /** A table came from the controller, or, with `saved`, from the copy on disk. */
  | { readonly kind: 'table'; readonly table: RotationTable; readonly saved?: boolean | undefined }
  /** The last http request in flight at this instance has ended. */
  | { readonly kind: 'idle'; readonly instance: string }
  /** The controller answered a poll. It may be a new one without a report of ours, so it gets one. */
  | { readonly kind: 'polled' }

interface Common {
  readonly key: string
  readonly reason: string
}

export type BalancerAction = Common &
  (
    | {
        readonly kind: 'serve'
        readonly version: number
        readonly selection: string
        readonly endpoints: readonly PublicEndpoint[]
      }
    | { readonly kind: 'save'; readonly table: RotationTable }
    | { readonly kind: 'look'; readonly probe: Probe; readonly limitMs: number }
    | { readonly kind: 'report'; readonly report: RotationReport }
  )

/** How an action ended, by the kind of the action. */
export type Outcome =
  | { readonly kind: 'serve'; readonly served: Served }
  | { readonly kind: 'save' }
  | { readonly kind: 'look'; readonly outcome: ProbeOutcome; readonly at: Instant }
  | { readonly kind: 'report'; readonly accepted: boolean }
