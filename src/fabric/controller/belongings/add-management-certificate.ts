import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { beyondSubscription } from './limits.ts'

/** S-7; the same certificate again changes nothing. Equality is of the whole certificate. */
export function addManagementCertificate(
  state: FabricState,
  { thumbprint, data, expiresAt }: CommandOf<'addManagementCertificate'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const subscription = state.stored.subscription.get(subscriptionId)
  if (!subscription) return refused('ResourceNotFound', `The subscription ${subscriptionId} does not exist.`)
  if (subscription.certificates.some((certificate) => certificate.data === data))
    return fine({ changes: [], touched: [], ended: true })
  const beyond = beyondSubscription('management certificates count', subscription.certificates.length)
  if (beyond) return { ok: false, fault: beyond }
  const certificates = [...subscription.certificates, { thumbprint, data, createdAt: now, expiresAt }]
  return fine({
    changes: [put('subscription', subscriptionId, { ...subscription, certificates })],
    touched: [],
    ended: true,
  })
}
