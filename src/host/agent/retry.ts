import type { Instant } from '../../kernel/instant.ts'
import type { Timers } from '../../kernel/timers.ts'

/** When to try again after `failures` earlier failures in a row: at once, then later and later (H-13, recycleDelays). */
export function retryAt({ recycleDelays }: Timers, failures: number, now: Instant): Instant {
  return now + (recycleDelays[Math.min(failures, recycleDelays.length - 1)] ?? 0)
}
