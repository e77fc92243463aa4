import { type Fault, refused } from '../../../kernel/fault.ts'
import { quotaText } from '../places/quota.ts'

/**
 * Most of each that a subscription, or a cloud service, has: all are kept in the store, and a subscription's certificates are told once a second. The
 * first two are the original's (*Azure subscription limits*, classic); so is 199, of the whole subscription there; the last is ours.
 */
const limits = {
  'management certificates count': 100,
  'affinity groups count': 256,
  'service certificates count': 199,
  'extensions count': 100,
} as const

/** The refusal when there were more than the limit with `added` beside the `current` ones. */
export function beyondLimit(resource: keyof typeof limits, current: number, added: number): Fault | undefined {
  const limit = limits[resource]
  return current + added > limit ? refused('BadRequest', quotaText(resource, limit, current, added)).fault : undefined
}
