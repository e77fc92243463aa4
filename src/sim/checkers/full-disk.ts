import type { Instant } from '../../kernel/instant.ts'
import { controllerName } from '../controller/process.ts'
import type { Fact } from '../fact.ts'
import type { SimulatedHost } from '../host.ts'
import type { World } from '../world.ts'
import { type Checker, lookSeldomMs } from './checker.ts'

/** What was refused is tried again after a rest, and what was lost on the way once more. */
const patienceMs = 60_000

/**
 * A Host Agent with a full disk goes on (F-28): it reports, starts nothing of which its disk does not know, as a new agent would not know of it
 * either, and says no longer that it can store nothing once there is room.
 */
export function fullDisk({ clock, network, controller, hosts }: World): Checker {
  const heardAt = new Map<string, Instant>()
  const roomSince = new Map<string, Instant>()
  let nextLook = clock.now()

  function take(fact: Fact): readonly string[] {
    if (fact.kind === 'hostHeard') heardAt.set(fact.host, clock.now())
    if (fact.kind !== 'guestStarted' || hosts.get(fact.host)?.disk.knows(fact.containerId) !== false) return []
    return [`${fact.host} has started a guest of ${fact.key}, of which its disk does not know`]
  }

  function look(host: SimulatedHost): readonly string[] {
    const { name, disk, agent } = host
    const now = clock.now()
    const isNew = !roomSince.has(name)
    const canSpeak = agent() && !host.isAgentPaused() && controller.state() && !controller.isPaused()
    if (isNew || !canSpeak || network.steadyFor([name, controllerName]) < patienceMs) {
      heardAt.set(name, now)
      roomSince.set(name, now)
    }
    if (disk.isFull() || agent()?.unstored === undefined) roomSince.set(name, now)
    const silentMs = now - (heardAt.get(name) ?? now)
    const roomMs = now - (roomSince.get(name) ?? now)
    return [
      ...(silentMs > patienceMs && disk.isFull()
        ? [`${name} has a full disk, and was not heard for ${silentMs} ms`]
        : []),
      ...(roomMs > patienceMs ? [`${name} has had room for ${roomMs} ms, and says that it can store nothing`] : []),
    ]
  }

  return {
    name: 'full-disk',
    check(facts) {
      const complaints = facts.flatMap(take)
      if (clock.now() < nextLook) return complaints
      nextLook = clock.now() + lookSeldomMs
      return [...complaints, ...[...hosts.values()].flatMap(look)]
    },
  }
}
