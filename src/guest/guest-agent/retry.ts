import type { Instant } from '../../kernel/instant.ts'
import type { Timers } from '../../kernel/timers.ts'

/** When to try again after so many failures in a row, the last one at that moment: at once, then later and later (H-13). */
export function retryAt({ recycleDelays }: Timers, times: number, at: Instant): Instant {
  return at + (recycleDelays[Math.min(times, recycleDelays.length) - 1] ?? 0)
}
