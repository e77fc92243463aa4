import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { uploadedThumbprints } from './certificates.ts'
import { extensionKey, extensionsOf } from './extensions.ts'
import { beyondService } from './limits.ts'
import { standingService } from './standing-service.ts'

/** 11.1: an ID is the service's own; a thumbprint is that of one of its certificates. */
export function addExtension(
  state: FabricState,
  { service, extension, sealedConfiguration }: CommandOf<'addExtension'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const found = standingService(state, subscriptionId, service)
  if (!found.ok) return found
  const serviceKey = found.value.name.toLowerCase()
  const { id, thumbprint } = extension
  const key = extensionKey(serviceKey, id)
  if (state.stored.extension.has(key))
    return refused('ConflictError', `The extension "${id}" has been added to the service already. Choose another ID.`)
  if (thumbprint !== undefined && !uploadedThumbprints(state, serviceKey).has(thumbprint))
    return refused('BadRequest', `The certificate with thumbprint ${thumbprint} was not found.`)
  const beyond = beyondService('extensions', extensionsOf(state, serviceKey).length, 1)
  if (beyond) return { ok: false, fault: beyond }
  const record = { ...extension, service: serviceKey, sealedConfiguration, createdAt: now }
  return fine({ changes: [put('extension', key, record)], touched: [], ended: true })
}
