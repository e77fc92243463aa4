import type { Instant } from '../../kernel/instant.ts'

/** The listener's effects for its pools. Processes are known by their numbers. */
export interface W3svcFacilities {
  /** Starts a w3wp of that pool; messages report its further states. Throws a sentence when the system cannot. */
  readonly start: (pool: string) => { readonly process: number; readonly pid: number }
  /** Resolves when no request is in flight at the process, or it has ended. */
  readonly idle: (process: number) => Promise<void>
  /** Asks it to stop. */
  readonly stop: (process: number) => void
  readonly kill: (process: number) => void
  /** Since when it has had no request; undefined while it has one. */
  readonly idleSince: (process: number) => Instant | undefined
  /** A line in the channel `System` (G-10). */
  readonly event: (id: number, text: string) => void
  readonly log: (text: string) => void
}
