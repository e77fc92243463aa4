import type { RotationTable } from '../../fabric/contract/rotation.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * At every moment new connections to one address reach one deployment by a balancer, and all endpoints of a deployment have one address: a swap is
 * atomic (A-24, U-57, U-62). Of several balancers each is looked at for itself: one of them has the VIPs.
 */
export function oneVipOwner({ balancers }: World): Checker {
  const seen = new Map<string, RotationTable>()
  return {
    name: 'one-vip-owner',
    check() {
      const newer = balancers.filter(({ name, table }) => table() !== seen.get(name))
      if (newer.length === 0) return nothing
      return newer.flatMap(({ name, table }) => {
        seen.set(name, table())
        return twoOwners(table()).map((complaint) => `${complaint} at the ${name}`)
      })
    },
  }
}

function twoOwners({ endpoints }: RotationTable): readonly string[] {
  const owners = new Map<string, string>()
  const addresses = new Map<string, string>()
  return endpoints.flatMap(({ id, vip }) => {
    const deployment = id.slice(0, id.indexOf('/'))
    const owner = owners.get(vip) ?? deployment
    const address = addresses.get(deployment) ?? vip
    owners.set(vip, owner)
    addresses.set(deployment, address)
    return [
      ...(owner === deployment ? [] : [`${vip} leads to ${owner} and to ${deployment}`]),
      ...(address === vip ? [] : [`${deployment} is served at ${address} and at ${vip}`]),
    ]
  })
}
