import { type FabricState, lastHeard } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import { controllerName } from '../controller/process.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** How often all guests are looked at. */
const lookEveryMs = 1_000

/** How long a host that hears the controller may take to get a goal and to end a guest, besides onStopLimit. */
const learningMs = 90_000

/**
 * An instance is in one place. It moves only when its host has been silent for hostLostAfter and hostRecoverBudget (H-16), or is drained and no
 * longer runs it (H-21). A guest that the fabric no longer wants where it runs is ended as soon as its host hears this.
 */
export function onePlace({ clock, network, hosts, controller, timers }: World): Checker {
  let before: FabricState | undefined
  let nextLook = clock.now()
  const strangeSince = new Map<string, Instant>()
  const budgetMs = timers.hostLostAfter + timers.hostRecoverBudget
  const patienceMs = timers.onStopLimit + learningMs

  function moves(state: FabricState): readonly string[] {
    const former = before
    before = state
    if (!former || former.stored.instance === state.stored.instance) return nothing
    return [...state.stored.instance.values()].flatMap(({ key, host }) => {
      const from = former.stored.instance.get(key)?.host
      if (from === undefined || from === host || isVacated(former, key, from)) return []
      const silentMs = controller.now() - lastHeard(former, from)
      return silentMs < budgetMs ? [`${key} was moved from ${from} to ${host} after ${silentMs} ms of silence`] : []
    })
  }

  function isVacated({ stored }: FabricState, key: string, host: string): boolean {
    const isDrained = stored.host.get(host)?.drain !== undefined
    return (
      isDrained &&
      !hosts
        .get(host)
        ?.machine.guests()
        .some((guest) => guest.key === key)
    )
  }

  function strangers(state: FabricState, now: Instant): readonly string[] {
    const complaints: string[] = []
    const strange = new Set<string>()
    for (const { name, machine, disk } of hosts.values())
      for (const { key, containerId } of machine.guests()) {
        const record = state.stored.instance.get(key)
        if (record?.containerId === containerId && record.told.run !== 'Gone') continue
        const id = `${name} ${containerId}`
        strange.add(id)
        // A full disk also delays the end of a guest (F-28).
        const known = disk.isFull() ? now : (strangeSince.get(id) ?? now)
        const since = Math.max(known, now - network.steadyFor([name, controllerName]))
        strangeSince.set(id, since)
        if (now - since > patienceMs) complaints.push(`${name} still runs a guest of ${key}, which is not wanted there`)
      }
    for (const id of strangeSince.keys()) if (!strange.has(id)) strangeSince.delete(id)
    return complaints
  }

  return {
    name: 'one-place',
    check() {
      const state = controller.state()
      if (!state) {
        before = undefined
        return nothing
      }
      const moved = state === before ? nothing : moves(state)
      const now = clock.now()
      if (now < nextLook) return moved
      nextLook = now + lookEveryMs
      return [...moved, ...strangers(state, now)]
    },
  }
}
