import { isWithin, readAddress, readSubnet } from '../../service-model/subnet.ts'
import type { Guard } from '../contract/data-plane.ts'
import type { AccessRule } from '../contract/rotation.ts'

/**
 * Who may connect under these rules (L-18): the first rule that contains the client's address decides. An address that is in no rule is refused when
 * at least one rule permits, and admitted when all rules deny.
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
