import type { Instant } from '../../kernel/instant.ts'
import { controllerName } from '../controller/process.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** What a host needs to find another master and to register with it, in milliseconds. */
const findingMs = 30_000

/** No host is lost because a master has changed, or was stopped: one that runs, and reaches all candidates, is heard by the next one in time (H-16). */
export function lostForAReason({ clock, network, controller, several, hosts, timers }: World): Checker {
  let known = controller.state()?.observed.lost
  /** Since when every host could reach every candidate. */
  let openSince = clock.now()
  const pausedAt = new Map<string, Instant>()
  return {
    name: 'lost-for-a-reason',
    check() {
      const now = clock.now()
      if (!several || several.partitions.any() || network.isHampered(controllerName)) openSince = now
      for (const { name, isAgentPaused } of hosts.values()) if (isAgentPaused()) pausedAt.set(name, now)
      const lost = controller.state()?.observed.lost
      if (!lost || lost === known) return nothing
      const news = known ? lost.subtract(known) : lost
      known = lost
      return news.toArray().flatMap((host) => {
        const present = Math.min(network.steadyFor([host]), now - Math.max(openSince, pausedAt.get(host) ?? 0))
        return present > timers.hostLostAfter + findingMs
          ? [`${host} is lost, though it has run and reached every candidate for ${present} ms`]
          : []
      })
    },
  }
}
