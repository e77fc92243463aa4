import type { Instant } from '../../kernel/instant.ts'
import type { SimulatedBalancer } from '../balancer.ts'
import { controllerName } from '../controller/process.ts'
import type { Fact } from '../fact.ts'
import { answerLimitMs } from '../wire.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'
import { servingBalancers } from './serving-balancers.ts'

/** For how long all parties must have been present: a lost poll is noticed after 40 s, and until then limits count instead. */
const settledMs = 60_000

/** Of several balancers each asks with every heartbeat, and a new master waits for all. */
const settledOfSeveralMs = 10_000

/**
 * Stopping is raised only when nothing new reaches the instance any more (H-27, L-1). In any weather a guest that can reach its host waits until the
 * fabric has heard that it leaves, or for rotationOutLimit (wire-server.md 7). Of several balancers each counts that has the VIPs or may get them.
 */
export function outBeforeStopping(world: World): Checker {
  const { clock, network, controller, balancers, hosts, timers } = world
  const serving = servingBalancers(world)
  /** Containers whose guest has said that it is not Ready, and since when. */
  const leftAt = new Map<string, Instant>()
  /** When the agent of a host last went on: a guest that had asked before may be about to give up. */
  const wentOnAt = new Map<string, Instant>()

  function hear({ containerId, ready }: Fact & { kind: 'guestHeard' }): void {
    if (ready) leftAt.delete(containerId)
    else if (!leftAt.has(containerId)) leftAt.set(containerId, clock.now())
  }

  function early({ host, containerId, key }: Fact & { kind: 'roleStopping' }): boolean {
    const agent = hosts.get(host)?.agent()
    const wasStopped = hosts.get(host)?.isAgentPaused() || clock.now() < (wentOnAt.get(host) ?? 0) + answerLimitMs
    const listens = !wasStopped && agent?.containers.get(containerId)?.listening === true
    if (!listens || agent?.reporting.acknowledged.get(key)?.status !== 'ReadyRole') return false
    return clock.now() < (leftAt.get(containerId) ?? clock.now()) + timers.rotationOutLimit
  }

  function served({ host, key }: Fact & { kind: 'roleStopping' }, at: readonly SimulatedBalancer[]): boolean {
    const [first, ...others] = balancers.map(({ name }) => name)
    const isSteady =
      first !== undefined && others.length === 0
        ? network.steadyFor([host, first, controllerName]) >= settledMs
        : network.steadyFor([host, controllerName]) >= settledOfSeveralMs
    if (!isSteady) return false
    // If an instance was healed to another host, it is in rotation there, not at its remains here.
    if (controller.state()?.stored.instance.get(key)?.host !== host) return false
    const members = at.flatMap(({ table }) => table().endpoints.flatMap(({ members }) => members))
    return members.some(({ instance, state }) => instance === key && state === 'in')
  }

  return {
    name: 'out-before-stopping',
    check(facts) {
      const at = serving.look()
      if (facts.length === 0) return nothing
      return facts.flatMap((fact) => {
        if (fact.kind === 'guestHeard') hear(fact)
        if (fact.kind === 'agentGoesOn') wentOnAt.set(fact.host, clock.now())
        // A guest that cannot reach its host does not wait for an answer.
        if (fact.kind !== 'roleStopping' || hosts.get(fact.host)?.machine.guest(fact.containerId)?.isSilent()) return []
        if (served(fact, at)) return [`Stopping was raised in ${fact.key} while it was in rotation`]
        return early(fact) ? [`Stopping was raised in ${fact.key} before the fabric had heard that it leaves`] : []
      })
    },
  }
}
