import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { drop } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { certificateKey, userOf } from './certificates.ts'
import { standingService } from './standing-service.ts'

/** K-3: a certificate that a configuration names stays. */
export function deleteServiceCertificate(
  state: FabricState,
  { service, thumbprint }: CommandOf<'deleteServiceCertificate'>,
  { subscriptionId }: Request,
): Result<Accepted> {
  const found = standingService(state, subscriptionId, service)
  if (!found.ok) return found
  const serviceKey = found.value.name.toLowerCase()
  const key = certificateKey(serviceKey, thumbprint)
  if (!state.stored.certificate.has(key))
    return refused('ResourceNotFound', `The certificate with thumbprint ${thumbprint} was not found.`)
  const user = userOf(state, serviceKey, thumbprint)
  if (user)
    return refused(
      'ConflictError',
      `The certificate with thumbprint ${thumbprint} is named by the configuration of the deployment ${user.name}. Change its configuration first.`,
    )
  return fine({ changes: [drop('certificate', key)], touched: [], ended: true })
}
