import type { Slot } from '../../../service-management/answers.ts'
import type { SubscriptionOperation } from '../../../service-management/subscription.ts'

/** Why the newest operation on a slot has failed; undefined when it has not. `operations`: newest first. */
export function lastFailureOf(operations: readonly SubscriptionOperation[], slot: Slot): string | undefined {
  const ofSlot = `/deploymentslots/${slot}`.toLowerCase()
  const last = operations.find(({ objectId }) => objectId.toLowerCase().endsWith(ofSlot))
  return last?.status.status === 'Failed' ? last.status.error?.message : undefined
}
