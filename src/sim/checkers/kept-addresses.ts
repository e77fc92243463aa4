import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * A reserved address stays the same as long as it is reserved, and equals no other one. A deployment created with one has one for life; a deployment
 * created without never gets one, whatever is swapped (section 17 of service-management-api.md).
 */
export function keptAddresses({ controller }: World): Checker {
  let seenAddresses: unknown
  let seenDeployments: unknown
  const addresses = new Map<string, string>()
  const kept = new Map<string, boolean>()
  return {
    name: 'kept-addresses',
    check() {
      const stored = controller.state()?.stored
      if (!stored || (stored.reservedAddress === seenAddresses && stored.deployment === seenDeployments)) return nothing
      seenAddresses = stored.reservedAddress
      seenDeployments = stored.deployment
      const complaints: string[] = []
      const owners = new Map<string, string>()
      for (const { id, name, address } of stored.reservedAddress.values()) {
        const former = addresses.get(id) ?? address
        const other = owners.get(address)
        if (former !== address) complaints.push(`the reserved address ${name} was ${former} and is ${address}`)
        if (other !== undefined) complaints.push(`${address} is reserved as ${other} and as ${name}`)
        addresses.set(id, former)
        owners.set(address, name)
      }
      for (const { id, name, vip } of stored.deployment.values()) {
        if (vip === '') continue
        const former = kept.get(id) ?? owners.has(vip)
        if (former !== owners.has(vip))
          complaints.push(`${name} had ${former ? 'a' : 'no'} reserved address, and now its VIP is ${vip}`)
        kept.set(id, former)
      }
      return complaints
    },
  }
}
