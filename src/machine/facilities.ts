import type { Instant } from '../kernel/instant.ts'

export type { GuestDriver, GuestPlace } from './guest/driver.ts'

/** Time. */
export interface Clock {
  now(): Instant
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
}

/** Chance: identifiers that nobody can guess. */
export interface Chance {
  /** 32 lower-case hexadecimal digits. */
  hex32(): string
  /** A GUID in its usual form. */
  guid(): string
}
