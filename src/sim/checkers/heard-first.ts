import { Set } from 'immutable'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * A host is lost only after the controller could have heard it for hostLostAfter and has not (H-37): since its last report, since the controller
 * started, or since it went on after a stop. A host that was overdue at the stop may be lost at once. Judged as of the decision: a decision before a
 * slow commit, or before the controller was stopped, is valid.
 */
export function heardFirst({ clock, controller, timers }: World): Checker {
  const hears: { readonly since: Instant; stoppedAt?: Instant }[] = [{ since: 0 }]
  let known = controller.state()?.observed.lost ?? Set<string>()
  const heard = new Map<string, Instant>()

  function tooSoon(host: string, state: FabricState): string | undefined {
    const lost = state.stored.event
      .filter(({ kind, subject }) => kind === 'HostLost' && subject === host)
      .maxBy(({ number }) => number)
    const decidedAt = clock.now() - (controller.now() - (lost?.at ?? controller.now()))
    const index = hears.findLastIndex(({ since }) => since <= decidedAt)
    const heardAt = heard.get(host) ?? 0
    const silentFrom = (at: number) => Math.max(hears[at]?.since ?? 0, heardAt)
    const silentMs = decidedAt - silentFrom(index)
    const { stoppedAt = 0 } = hears[index - 1] ?? {}
    const wasOverdue = stoppedAt - silentFrom(index - 1) >= timers.hostLostAfter
    return heardAt <= decidedAt && silentMs < timers.hostLostAfter && !wasOverdue
      ? `${host} is lost, though the controller could hear it and did not for ${silentMs} ms only`
      : undefined
  }

  return {
    name: 'heard first',
    check(facts) {
      const current = hears.at(-1)
      if (controller.isPaused() && current) current.stoppedAt ??= clock.now()
      for (const fact of facts)
        if (fact.kind === 'controllerHears') hears.push({ since: clock.now() })
        else if (fact.kind === 'hostHeard') heard.set(fact.host, clock.now())
      const state = controller.state()
      if (!state || state.observed.lost === known) return []
      const lostNow = state.observed.lost.subtract(known)
      known = state.observed.lost
      return lostNow.toArray().flatMap((host) => tooSoon(host, state) ?? [])
    },
  }
}
