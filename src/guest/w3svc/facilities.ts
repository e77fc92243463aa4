import type { Instant } from '../../kernel/instant.ts'

/** What the listener does to the world for its pools. Processes are known by their numbers. */
export interface W3svcFacilities {
  /** Starts a w3wp of that pool; what becomes of it is told by messages. Throws a sentence when the system does not. */
  readonly start: (pool: string) => { readonly process: number; readonly pid: number }
  /** Resolves when no request is in flight at the process, or it has ended. */
  readonly idle: (process: number) => Promise<void>
  /** Tells it to stop. */
  readonly stop: (process: number) => void
  readonly kill: (process: number) => void
  /** Since when it has had no request; undefined while it has one. */
  readonly idleSince: (process: number) => Instant | undefined
  /** A line in the channel `System` (G-10). */
  readonly event: (id: number, text: string) => void
  readonly log: (text: string) => void
}
