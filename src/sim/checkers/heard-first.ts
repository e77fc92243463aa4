import { Set } from 'immutable'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * No host is lost before the controller could have heard it for hostLostAfter and has not (H-37): since its last report, since the
 * controller started, or went on after it was stopped. Judged as of the decision: what was decided before a slow commit, or before the
 * controller was stopped, holds.
 */
export function heardFirst({ clock, controller, timers }: World): Checker {
  const hearsSince: Instant[] = [0]
  let known = controller.state()?.observed.lost ?? Set<string>()
  const heard = new Map<string, Instant>()

  function tooSoon(host: string, state: FabricState): string | undefined {
    const lost = state.stored.event
      .filter(({ kind, subject }) => kind === 'HostLost' && subject === host)
      .maxBy(({ number }) => number)
    const decidedAt = clock.now() - (controller.now() - (lost?.at ?? controller.now()))
    const since = hearsSince.findLast((at) => at <= decidedAt) ?? 0
    const heardAt = heard.get(host) ?? 0
    const silentMs = decidedAt - Math.max(since, heardAt)
    return heardAt <= decidedAt && silentMs < timers.hostLostAfter
      ? `${host} is lost, though the controller could hear it and did not for ${silentMs} ms only`
      : undefined
  }

  return {
    name: 'heard first',
    check(facts) {
      for (const fact of facts)
        if (fact.kind === 'controllerHears') hearsSince.push(clock.now())
        else if (fact.kind === 'hostHeard') heard.set(fact.host, clock.now())
      const state = controller.state()
      if (!state || state.observed.lost === known) return []
      const lostNow = state.observed.lost.subtract(known)
      known = state.observed.lost
      return lostNow.toArray().flatMap((host) => tooSoon(host, state) ?? [])
    },
  }
}
