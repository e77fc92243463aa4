import { fine, type Result } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { certificateKey, certificatesOf } from './certificates.ts'
import { beyondService } from './limits.ts'
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
  const known = new Set(certificatesOf(state, serviceKey).map(({ thumbprint }) => thumbprint))
  const added = new Set(certificates.map(({ thumbprint }) => thumbprint).filter((one) => !known.has(one)))
  const beyond = beyondService('certificates', known.size, added.size)
  if (beyond) return { ok: false, fault: beyond }
  return fine({ changes, touched: [], ended: true })
}
