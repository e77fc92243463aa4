import type { Instant } from '../../kernel/instant.ts'
import { nothingThrown, type Thrown } from '../../kernel/thrown.ts'
import type { Served } from '../contract/data-plane.ts'
import type { RotationTable } from '../contract/rotation.ts'
import type { Subject } from './action.ts'
import type { Probes } from './in-force.ts'

/** Everything the balancer knows. Only the table is stored: it is saved when it comes. */
export interface BalancerState {
  /** Identifies this run of the process in its reports. */
  readonly balancer: string
  /** The newest table that came. */
  readonly table: RotationTable | undefined
  /** Version of the copy on disk. */
  readonly savedVersion: number
  readonly probes: Probes
  /** What the data plane serves; undefined before the first table. */
  readonly served: ServedState | undefined
  /** Instances with http requests in flight at the plane's last report. */
  readonly busy: ReadonlySet<string>
  /** The report that the controller has, as JSON; undefined when it may have none. */
  readonly reported: string | undefined
  /** No report is sent before this time, because the last one reached no controller. */
  readonly reportNotBefore: Instant
  /** Subjects that are set aside (F-27). */
  readonly thrown: Thrown<Subject>
  /** Endpoints that got no port are tried again after this time, in milliseconds. */
  readonly portRetryMs: number
}

interface ServedState extends Served {
  readonly version: number
  /** Keys of the probes that take members out: with the version they identify a choice of members. */
  readonly selection: string
  /** Instances that drain in it (L-7). */
  readonly draining: readonly string[]
  readonly at: Instant
}

/** The state of a balancer that has just started. */
export function firstState(balancer: string, portRetryMs: number): BalancerState {
  return {
    balancer,
    table: undefined,
    savedVersion: 0,
    probes: new Map(),
    served: undefined,
    busy: new Set(),
    reported: undefined,
    reportNotBefore: 0,
    thrown: nothingThrown(),
    portRetryMs,
  }
}
