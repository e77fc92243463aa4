import type { Fault } from '../../../../kernel/fault.ts'
import type { Instant } from '../../../../kernel/instant.ts'
import type { FailurePolicy, UpdateMode } from '../../../contract/commands.ts'

/**
 * An upgrade, configuration change or rollback on its way through the domains. Before: no instance of `domain` is stopped yet; During: its instances
 * are to have the target. Domains below it are walked.
 */
export interface UpdateRecord {
  /** Instances remember which update has moved them. */
  readonly id: string
  readonly kind: 'upgrade' | 'configuration' | 'rollback'
  /** The last version that all instances ran: a rollback leads there (U-43). */
  readonly from: number
  readonly target: number
  readonly mode: UpdateMode
  /** The single role that is upgraded: only its instances are waited for (U-16). */
  readonly role?: string | undefined
  /** Frozen when the update starts (U-32, A-18). */
  readonly domains: number
  readonly domain: number
  readonly state: 'Before' | 'During'
  /** Of a rollback: the domain that the update was in. It is down already, so it goes back before any other is stopped (U-10, U-43). */
  readonly first?: number | undefined
  /** Highest domain that may be walked: the last one, or in manual mode the one that the caller asked for (U-27). */
  readonly released: number
  /** Since when the domain is Before (and released) or During: roleReadyTimeout counts from here. */
  readonly since: Instant
  readonly onFailure: FailurePolicy
  /** Why it is stuck in its domain (U-29, U-37). */
  readonly held?: Fault | undefined
}
