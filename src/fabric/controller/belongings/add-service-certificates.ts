import { fine, type Result } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { certificateKey } from './certificates.ts'
import { standingService } from './standing-service.ts'

/** K-1: the same certificate again changes nothing; only a key that was missing is added. */
export function addServiceCertificates(
  state: FabricState,
  { service, certificates }: CommandOf<'addServiceCertificates'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const found = standingService(state, subscriptionId, service)
  if (!found.ok) return found
  const serviceKey = found.value.name.toLowerCase()
  const changes = certificates.flatMap(({ thumbprint, data, sealedKey, chain }) => {
    const key = certificateKey(serviceKey, thumbprint)
    const known = state.stored.certificate.get(key)
    if (known && (known.sealedKey !== undefined || sealedKey === undefined)) return []
    return [
      put('certificate', key, { service: serviceKey, thumbprint, data, createdAt: now, ...known, sealedKey, chain }),
    ]
  })
  return fine({ changes, touched: [], ended: true })
}
