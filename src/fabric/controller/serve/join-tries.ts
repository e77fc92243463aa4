import type { Instant } from '../../../kernel/instant.ts'

/** Tries without a token that is known which one address has within the time: a machine that joins needs none. Origin: choice. */
const triesOfAddress = 20
const withinMs = 60_000

/** Addresses that are remembered; the oldest are forgotten. Origin: choice. */
const addressesKept = 1_000

/** Joins that are handled at a time: each costs some signatures. Origin: choice. */
const mostAtATime = 8

/** Counts the tries to join, so that strangers can neither guess nor keep the controller from its work. */
export interface JoinTries {
  /** False: not now. Else `end` is to be called once the try is answered. */
  begin(address: string, now: Instant): boolean
  end(): void
  /** A try of that address had a token that is known: it does not count. */
  forgive(address: string): void
}

export function openJoinTries(): JoinTries {
  const since = new Map<string, { readonly from: Instant; readonly count: number }>()
  let underWay = 0
  return {
    begin(address, now) {
      const known = since.get(address)
      const { from, count } =
        known && now - known.from < withinMs && now >= known.from ? known : { from: now, count: 0 }
      since.delete(address)
      since.set(address, { from, count: count + 1 })
      const [oldest] = since.keys()
      if (since.size > addressesKept && oldest !== undefined) since.delete(oldest)
      if (count >= triesOfAddress || underWay >= mostAtATime) return false
      underWay += 1
      return true
    },
    end() {
      underWay -= 1
    },
    forgive(address) {
      since.delete(address)
    },
  }
}
