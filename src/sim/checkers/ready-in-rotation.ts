import type { Instant } from '../../kernel/instant.ts'
import type { SimulatedBalancer } from '../balancer.ts'
import { controllerName } from '../controller/process.ts'
import type { World } from '../world.ts'
import { type Checker, lookEveryMs, nothing } from './checker.ts'

/** For how long all parties must have been present before the strict limit counts: a lost poll is noticed after 40 s. */
const settledMs = 60_000

/** In a storm the balancer's poll may be lost more than once. */
const lossesInARow = 3

/**
 * In rotation only while Ready (S-35, L-1). Where everything works, an instance that leaves Ready is out within rotationOutLimit and the time of the
 * messages; where a host or its guest is silent, once the fabric can know: after hostLostAfter or unresponsiveAfter.
 */
export function readyInRotation(world: World): Checker {
  const each = world.balancers.map((balancer) => readyAt(world, balancer))
  let nextLook = world.clock.now()
  return {
    name: 'ready-in-rotation',
    check() {
      const now = world.clock.now()
      if (now < nextLook) return nothing
      nextLook = now + lookEveryMs
      return each.flatMap((look) => look(now))
    },
  }
}

/** Looks at the table of one balancer. */
function readyAt(
  { network, hosts, controller, vault, timers }: World,
  balancer: SimulatedBalancer,
): (now: Instant) => readonly string[] {
  const unreadySince = new Map<string, Instant>()
  const silentAt = new Map<string, Instant>()
  const strictMs = timers.rotationOutLimit + 2 * lookEveryMs
  const patientMs = Math.max(timers.hostLostAfter, timers.unresponsiveAfter) + lossesInARow * settledMs

  return (now) => {
    const state = controller.state()
    const hears = state && !controller.isPaused() && !network.isCut(controllerName) && !vault.refusesAll()
    if (!hears || !balancer.runs() || balancer.isPaused() || network.isCut(balancer.name)) {
      unreadySince.clear()
      return nothing
    }
    const complaints: string[] = []
    const unready = new Set<string>()
    for (const { members } of balancer.table().endpoints)
      for (const member of members) {
        if (member.state !== 'in') continue
        const record = state.stored.instance.get(member.instance)
        const host = record && hosts.get(record.host)
        const guest = record && host?.machine.guest(record.containerId)
        if (guest?.isReady()) continue
        unready.add(member.instance)
        const since = unreadySince.get(member.instance) ?? now
        unreadySince.set(member.instance, since)
        if (guest?.isSilent() !== false) silentAt.set(member.instance, now)
        // A silent guest reports its changes with its next heartbeat.
        const sayableSince = Math.max(since, (silentAt.get(member.instance) ?? 0) + timers.heartbeatInterval)
        const steady = host ? network.steadyFor([host.name, balancer.name, controllerName]) > settledMs : false
        if (now - since > patientMs || (steady && now - sayableSince > strictMs))
          complaints.push(`${member.instance} has not been Ready for ${now - since} ms and is in rotation`)
      }
    for (const instance of unreadySince.keys()) if (!unready.has(instance)) unreadySince.delete(instance)
    return complaints
  }
}
