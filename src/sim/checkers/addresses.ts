import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** Every role instance and every deployment has an address of its own. */
export function addresses({ controller }: World): Checker {
  let seenInstances: unknown
  let seenDeployments: unknown
  return {
    name: 'addresses',
    check() {
      const stored = controller.state()?.stored
      if (!stored || (stored.instance === seenInstances && stored.deployment === seenDeployments)) return nothing
      seenInstances = stored.instance
      seenDeployments = stored.deployment
      const owners = new Map<string, string>()
      const complaints: string[] = []
      const own = (address: string, owner: string) => {
        const other = owners.get(address)
        if (other !== undefined) complaints.push(`${address} belongs to ${other} and to ${owner}`)
        owners.set(address, owner)
      }
      for (const { address, key } of stored.instance.values()) own(address, key)
      for (const { vip, id } of stored.deployment.values()) if (vip !== '') own(vip, id)
      return complaints
    },
  }
}
