import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * A role is stopped only because of newer documents than those that it has accepted, or because it asked for it (H-18, H-33):
 * the death of an agent above it is no reason (design.md 9.6).
 */
export function stoppedForAReason({ hosts }: World): Checker {
  return {
    name: 'stopped-for-a-reason',
    check(facts) {
      if (facts.length === 0) return nothing
      return facts.flatMap((fact) => {
        if (fact.kind !== 'roleStopping' || fact.asked) return []
        const newest = hosts.get(fact.host)?.agent()?.containers.get(fact.containerId)?.record.incarnation
        return newest === fact.accepted
          ? [`${fact.key} was stopped although it had accepted incarnation ${newest}`]
          : []
      })
    },
  }
}
