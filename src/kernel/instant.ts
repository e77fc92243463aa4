/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** `2026-01-01T00:00:41Z`: the form of every time in the API, UTC and without fraction. */
export function isoSeconds(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}
