import { balancerName } from '../balancer.ts'
import { controllerName } from '../controller.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** For how long all parties must have been there: a poll that was lost is missed after 40 s, and until then limits count instead. */
const settledMs = 60_000

/** Stopping is raised only when nothing new reaches the instance any more (H-27, L-1). */
export function outBeforeStopping({ network, balancer, hosts }: World): Checker {
  return {
    name: 'out-before-stopping',
    check(facts) {
      if (facts.length === 0) return nothing
      return facts.flatMap((fact) => {
        if (fact.kind !== 'roleStopping') return []
        // Who cannot tell its host does not wait for an answer.
        if (hosts.get(fact.host)?.machine.guest(fact.containerId)?.isSilent()) return []
        if (network.steadyFor([fact.host, balancerName, controllerName]) < settledMs) return []
        const members = balancer.table().endpoints.flatMap(({ members }) => members)
        const served = members.some(({ instance, state }) => instance === fact.key && state === 'in')
        return served ? [`Stopping was raised in ${fact.key} while it was in rotation`] : []
      })
    },
  }
}
