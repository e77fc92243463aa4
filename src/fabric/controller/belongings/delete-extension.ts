import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { drop } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { extensionKey, userOfExtension } from './extensions.ts'
import { standingService } from './standing-service.ts'

/** 11.2: an extension that a deployment has stays. */
export function deleteExtension(
  state: FabricState,
  { service, extension: id }: CommandOf<'deleteExtension'>,
  { subscriptionId }: Request,
): Result<Accepted> {
  const found = standingService(state, subscriptionId, service)
  if (!found.ok) return found
  const serviceKey = found.value.name.toLowerCase()
  const key = extensionKey(serviceKey, id)
  if (!state.stored.extension.has(key)) return refused('ResourceNotFound', `The extension "${id}" does not exist.`)
  const user = userOfExtension(state, serviceKey, id)
  if (user)
    return refused(
      'ConflictError',
      `The deployment ${user.name} uses the extension "${id}". Uninstall it there by a change of configuration first.`,
    )
  return fine({ changes: [drop('extension', key)], touched: [], ended: true })
}
