import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { drop } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { reservedKey, userOfAddress } from './reserved-addresses.ts'

/** V-7: an address that a deployment has stays reserved. */
export function releaseAddress(
  state: FabricState,
  { reservedAddress: name }: CommandOf<'releaseAddress'>,
  { subscriptionId }: Request,
): Result<Accepted> {
  const key = reservedKey(subscriptionId, name)
  const found = state.stored.reservedAddress.get(key)
  if (!found) return refused('ResourceNotFound', `The reserved IP '${name}' does not exist.`)
  const user = userOfAddress(state, found)
  if (user)
    return refused(
      'ConflictError',
      `The reserved IP '${found.name}' is in use by the deployment ${user.name}. Delete the deployment first.`,
    )
  return fine({ changes: [drop('reservedAddress', key)], touched: [], ended: true })
}
