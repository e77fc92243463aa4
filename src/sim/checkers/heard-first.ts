import { Set } from 'immutable'
import type { Instant } from '../../kernel/instant.ts'
import { controllerName } from '../controller.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** No host is lost before the controller could have heard it for hostLostAfter and has not (H-37): since its last report, since the controller started, or went on after it was stopped. */
export function heardFirst({ clock, controller, network, timers }: World): Checker {
  let since = 0
  let known = controller.state()?.observed.lost ?? Set<string>()
  const heard = new Map<string, Instant>()
  return {
    name: 'heard first',
    check(facts) {
      for (const fact of facts)
        if (fact.kind === 'controllerHears') since = clock.now()
        else if (fact.kind === 'hostHeard') heard.set(fact.host, clock.now())
      const { lost } = controller.state()?.observed ?? { lost: known }
      if (lost === known) return []
      const lostNow = lost.subtract(known)
      known = lost
      // What was decided before a slow commit holds, though a host was heard while it was stored.
      if (network.isHampered(controllerName)) return []
      return lostNow.toArray().flatMap((host) => {
        const silentMs = clock.now() - Math.max(since, heard.get(host) ?? 0)
        return silentMs < timers.hostLostAfter
          ? [`${host} is lost, though the controller could hear it and did not for ${silentMs} ms only`]
          : []
      })
    },
  }
}
