import type { SubscriptionView } from '../../fabric/contract/views.ts'
import type { Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Fabric } from './fabric.ts'

/** For how long a trust store is believed: a certificate that was taken away is refused this much later at the most. */
const freshForMs = 1_000

/** The subscriptions with their management certificates, as the fabric had them at most a second ago. */
export interface Subscriptions {
  get(): Promise<Result<readonly SubscriptionView[]>>
  /** Forgets what is known: a management certificate was added or deleted. */
  forget(): void
}

export function rememberSubscriptions(fabric: Fabric, now: () => Instant): Subscriptions {
  let known: { readonly answer: Promise<Result<readonly SubscriptionView[]>>; readonly at: Instant } | undefined
  return {
    async get() {
      if (!known || now() - known.at >= freshForMs) known = { answer: fabric.view('subscriptions', {}), at: now() }
      const answer = await known.answer
      if (!answer.ok) known = undefined
      return answer
    },
    forget() {
      known = undefined
    },
  }
}
