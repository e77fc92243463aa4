import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { addressesOf } from '../places/addresses.ts'
import { quotaText } from '../places/quota.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { reservedKey } from './reserved-addresses.ts'

/** Reserved addresses of a subscription, by the original's default (V-3). */
const mostReserved = 20

/** V-2, V-3: a free VIP is reserved for the subscription under a new name. */
export function reserveAddress(
  state: FabricState,
  { reservedAddress: name, label, location }: CommandOf<'reserveAddress'>,
  { subscriptionId, freshId, now }: Request,
): Result<Accepted> {
  const key = reservedKey(subscriptionId, name)
  if (state.stored.reservedAddress.has(key))
    return refused('ConflictError', `A reserved IP with the name '${name}' exists already. Choose another name.`)
  const current = state.stored.reservedAddress.count((one) => one.subscriptionId === subscriptionId)
  if (current >= mostReserved) return refused('BadRequest', quotaText('reserved ips count', mostReserved, current, 1))
  const address = addressesOf(state).takeVip()
  if (!address)
    return refused(
      'BadRequest',
      'The fabric has no address left to reserve. Delete a deployment or a reserved IP first.',
    )
  const record = { id: freshId, name, subscriptionId, label, location, address, createdAt: now }
  return fine({ changes: [put('reservedAddress', key, record)], touched: [], ended: true })
}
