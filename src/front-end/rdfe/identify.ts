import type { SubscriptionView } from '../../fabric/contract/views.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusals } from '../contract/errors.ts'
import type { ClientCertificate } from './request.ts'

/**
 * The subscription, if the certificate is one of its own: equal in every byte, and not expired. Every refusal looks the
 * same, so that nobody learns which subscriptions exist.
 */
export function identify(
  subscriptions: readonly SubscriptionView[],
  subscriptionId: string,
  certificate: ClientCertificate | undefined,
  now: Instant,
): Result<SubscriptionView> {
  const subscription = subscriptions.find(({ id }) => id.toLowerCase() === subscriptionId)
  if (!certificate || certificate.expiresAt <= now) return refusals.notAuthenticated()
  if (!subscription?.certificates.some(({ data }) => data === certificate.data)) return refusals.notAuthenticated()
  return subscription.status === 'Disabled' ? refusals.subscriptionDisabled() : fine(subscription)
}
