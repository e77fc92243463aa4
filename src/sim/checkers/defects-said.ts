import type { Instant } from '../../kernel/instant.ts'
import type { SimulatedGuest } from '../guest/guest.ts'
import type { SimulatedHost } from '../host.ts'
import type { World } from '../world.ts'
import { type Checker, lookSeldomMs, nothing } from './checker.ts'

/** Longer than reporting a change of health takes, with one retry. */
const toldMs = 15_000

/** When an agent of a guest throws, the details that its host gets say so, and the guest is still heard (F-27). */
export function defectsSaid({ clock, hosts }: World): Checker {
  /** Since when each must be reported. */
  let unsaid = new Map<string, Instant>()
  let nextLook = clock.now()

  function look(now: Instant): readonly string[] {
    const missing = [...hosts.values()].flatMap((host) =>
      host.machine.guests().flatMap((guest) => notSaid(host, guest)),
    )
    unsaid = new Map(missing.map((what) => [what, unsaid.get(what) ?? now]))
    return [...unsaid].flatMap(([what, since]) => (now - since < toldMs ? [] : [what]))
  }

  return {
    name: 'defects-said',
    check() {
      const now = clock.now()
      if (now < nextLook) return nothing
      nextLook = now + lookSeldomMs
      return look(now)
    },
  }
}

function notSaid(host: SimulatedHost, guest: SimulatedGuest): readonly string[] {
  const container = host.agent()?.containers.get(guest.containerId)
  const { guestAgent, bootstrapper } = guest.states()
  if (!container?.listening || host.isAgentPaused() || guest.isSilent() || !guestAgent?.goal) return nothing
  const threw = [guestAgent.thrown, guestAgent.stack.kind === 'up' ? bootstrapper?.thrown : undefined]
  const said = container.health?.state === 'Stopped' ? undefined : (container.health?.description ?? '')
  return threw.flatMap((words) =>
    words === undefined || said === undefined || said.includes(words)
      ? []
      : [`"${words}" of the guest of ${guest.key} is not in what ${host.name} has heard of it`],
  )
}
