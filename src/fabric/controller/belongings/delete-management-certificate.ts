import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'

/** S-7: the last certificate that has not expired stays, since nobody could add another one without it. */
export function deleteManagementCertificate(
  state: FabricState,
  { thumbprint }: CommandOf<'deleteManagementCertificate'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const subscription = state.stored.subscription.get(subscriptionId)
  const certificates = subscription?.certificates.filter((one) => one.thumbprint !== thumbprint.toUpperCase()) ?? []
  if (!subscription || certificates.length === subscription.certificates.length)
    return refused('ResourceNotFound', `The management certificate with thumbprint ${thumbprint} does not exist.`)
  if (certificates.every(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now))
    return refused(
      'ConflictError',
      'This is the last management certificate of the subscription that has not expired. Add another one before it is deleted.',
    )
  return fine({
    changes: [put('subscription', subscriptionId, { ...subscription, certificates })],
    touched: [],
    ended: true,
  })
}
