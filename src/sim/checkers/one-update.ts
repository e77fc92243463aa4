import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * At most one update is active, made against the latest version; an ended one stays ended, and then all instances are at one version (U-18, U-38).
 */
export function oneUpdate({ controller }: World): Checker {
  const active = new Map<string, string>()
  const over = new Set<string>()
  let seenDeployments: unknown
  let seenInstances: unknown
  return {
    name: 'one-update',
    check() {
      const stored = controller.state()?.stored
      if (!stored || (stored.deployment === seenDeployments && stored.instance === seenInstances)) return nothing
      seenDeployments = stored.deployment
      seenInstances = stored.instance
      const complaints: string[] = []
      const idle = new Map<string, number>()
      for (const { id, name, update, current, request, wanted } of stored.deployment.values()) {
        const last = active.get(id)
        if (last !== undefined && last !== update?.id) over.add(last)
        if (update) {
          active.set(id, update.id)
          if (over.has(update.id)) complaints.push(`the update ${update.id} of ${name} was over and is active again`)
          if (update.target !== current)
            complaints.push(`${name} is updated to ${update.target}, and ${current} is in force`)
        } else {
          active.delete(id)
          if (!request && wanted !== 'Deleted') idle.set(id, current)
        }
      }
      for (const { key, deployment, version, going } of stored.instance.values()) {
        const current = idle.get(deployment)
        if (current !== undefined && !going && version !== current)
          complaints.push(`${key} is at version ${version}, no update is active, and ${current} is in force`)
      }
      return complaints
    },
  }
}
