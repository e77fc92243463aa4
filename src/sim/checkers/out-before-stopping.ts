import { statusOf } from '../../host/agent/status.ts'
import { balancerName } from '../balancer.ts'
import { controllerName } from '../controller.ts'
import type { Fact } from '../fact.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** For how long all parties must have been there: a poll that was lost is missed after 40 s, and until then limits count instead. */
const settledMs = 60_000

/**
 * Stopping is raised only when nothing new reaches the instance any more (H-27, L-1). In any weather a guest that can tell its
 * host waits until the fabric has heard that it leaves, or for rotationOutLimit (wire-server.md 7).
 */
export function outBeforeStopping({ clock, network, balancer, hosts, timers }: World): Checker {
  function early({ host, containerId, key }: Fact & { kind: 'roleStopping' }): boolean {
    const agent = hosts.get(host)?.agent()
    const container = agent?.containers.get(containerId)
    if (!container?.listening || agent?.reporting.acknowledged.get(key)?.status !== 'ReadyRole') return false
    // A status that is not the guest's own word may be younger than its leave.
    if (statusOf(agent, container, clock.now()) !== container.health?.subStatus) return false
    return clock.now() < container.since + timers.rotationOutLimit
  }

  function served({ host, key }: Fact & { kind: 'roleStopping' }): boolean {
    if (network.steadyFor([host, balancerName, controllerName]) < settledMs) return false
    const members = balancer.table().endpoints.flatMap(({ members }) => members)
    return members.some(({ instance, state }) => instance === key && state === 'in')
  }

  return {
    name: 'out-before-stopping',
    check(facts) {
      if (facts.length === 0) return nothing
      return facts.flatMap((fact) => {
        // Who cannot tell its host does not wait for an answer.
        if (fact.kind !== 'roleStopping' || hosts.get(fact.host)?.machine.guest(fact.containerId)?.isSilent()) return []
        if (served(fact)) return [`Stopping was raised in ${fact.key} while it was in rotation`]
        return early(fact) ? [`Stopping was raised in ${fact.key} before the fabric had heard that it leaves`] : []
      })
    },
  }
}
