import type { SubscriptionView } from '../../contract/views.ts'
import type { FabricState } from '../state/state.ts'

/** S-1: the counts are true, suspended deployments included. */
export function subscriptionViews(state: FabricState): readonly SubscriptionView[] {
  return [...state.stored.subscription.values()].map((subscription) => ({
    ...subscription,
    currentCores: state.derived.cores.get(subscription.id, 0),
    currentServices: state.stored.service.count(({ subscriptionId }) => subscriptionId === subscription.id),
  }))
}
