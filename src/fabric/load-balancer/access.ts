import { isWithin, readAddress, readSubnet } from '../../service-model/subnet.ts'
import type { Guard } from '../contract/data-plane.ts'
import type { AccessRule } from '../contract/rotation.ts'

/**
 * Who may come in under these rules (L-18): the first that has the client's address decides. Whoever is in none of them
 * stays out when one of the rules permits, and comes in when all of them deny.
 */
export function guardOf(rules: readonly AccessRule[]): Guard {
  const subnets = rules.map(({ action, remoteSubnet }) => ({
    permits: action === 'permit',
    subnet: readSubnet(remoteSubnet),
  }))
  const others = rules.every(({ action }) => action === 'deny')
  return (clientAddress) => {
    const address = readAddress(clientAddress)
    if (!address) return false
    return subnets.find(({ subnet }) => subnet && isWithin(address, subnet))?.permits ?? others
  }
}
