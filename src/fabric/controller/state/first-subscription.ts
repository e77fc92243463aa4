import type { Instant } from '../../../kernel/instant.ts'
import type { ControllerOptions } from '../options.ts'
import type { SubscriptionRecord } from './records/subscription.ts'

/** Limits of a subscription without limits of its own (S-1 of service-management-api.md). */
const defaultLimits = { maxCores: 20, maxServices: 20 } as const

/** The limits that the operator has given at this start, which hold for a subscription that exists too. */
export function givenLimits({ subscription: { maxCores, maxServices } }: ControllerOptions) {
  return { ...(maxCores !== undefined && { maxCores }), ...(maxServices !== undefined && { maxServices }) }
}

/** The subscription that a fabric has at its first start. */
export function firstSubscription({ subscription }: ControllerOptions, now: Instant): SubscriptionRecord {
  const { id, name, certificates, maxCores, maxServices } = subscription
  return {
    id,
    name,
    status: 'Active',
    createdAt: now,
    maxCores: maxCores ?? defaultLimits.maxCores,
    maxServices: maxServices ?? defaultLimits.maxServices,
    certificates: certificates.map((certificate) => ({ ...certificate, createdAt: now })),
  }
}
