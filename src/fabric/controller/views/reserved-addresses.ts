import type { ReservedAddressView } from '../../contract/reserved-address.ts'
import type { Views } from '../../contract/views.ts'
import type { FabricState } from '../state/state.ts'

/** V-8. */
export function reservedAddressesView(
  state: FabricState,
  { subscriptionId }: Views['reservedAddresses']['ask'],
): readonly ReservedAddressView[] {
  const users = new Map([...state.stored.deployment.values()].map((deployment) => [deployment.vip, deployment]))
  return [...state.stored.reservedAddress.values()]
    .filter((reserved) => reserved.subscriptionId === subscriptionId)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, address, id, label, location }) => {
      const user = users.get(address)
      const service = user && (state.stored.service.get(user.service)?.name ?? user.service)
      return {
        name,
        address,
        id,
        label,
        location,
        user: user && service !== undefined ? { service, deployment: user.name } : undefined,
      }
    })
}
