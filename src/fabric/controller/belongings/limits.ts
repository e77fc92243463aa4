import { type Fault, refused } from '../../../kernel/fault.ts'
import { quotaText } from '../places/quota.ts'

/** Most of each that a subscription has, as in the original (*Azure subscription limits*, classic); its certificates are told once a second. */
const ofSubscription = { 'management certificates count': 100, 'affinity groups count': 256 } as const

/** Most of each that a cloud service has: all are kept in the store. The original had as many certificates in a whole subscription; the other is ours. */
const ofService = { certificates: 199, extensions: 100 } as const

/** The refusal of one more than a subscription may have, beside the `current` ones. */
export function beyondSubscription(resource: keyof typeof ofSubscription, current: number): Fault | undefined {
  const limit = ofSubscription[resource]
  return current >= limit ? refused('BadRequest', quotaText(resource, limit, current, 1)).fault : undefined
}

/** The refusal of more than a cloud service may have: `added` beside the `current` ones. */
export function beyondService(resource: keyof typeof ofService, current: number, added: number): Fault | undefined {
  const limit = ofService[resource]
  return current + added <= limit
    ? undefined
    : refused(
        'BadRequest',
        `A cloud service has at most ${limit} ${resource}, and this one has ${current}. Delete some first.`,
      ).fault
}
