import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** At every moment new connections to one address reach one deployment, and all endpoints of a deployment have one address: a swap is atomic (A-24, U-57, U-62). */
export function oneVipOwner({ balancer }: World): Checker {
  let seen: unknown
  return {
    name: 'one-vip-owner',
    check() {
      const table = balancer.table()
      if (table === seen) return nothing
      seen = table
      const owners = new Map<string, string>()
      const addresses = new Map<string, string>()
      return table.endpoints.flatMap(({ id, vip }) => {
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
    },
  }
}
