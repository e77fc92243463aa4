import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** A commit, its answer, and the rounding of a clock. */
const toleranceMs = 10_000

/**
 * No clock shortens a limit (H-41): an update is given up in a domain, and what stands on a drained host starts elsewhere, only after that much time has
 * really passed.
 */
export function limitsKept({ clock, controller, hosts, timers }: World): Checker {
  let before: FabricState | undefined
  const steps = new Map<string, { readonly step: string; readonly from: Instant }>()
  const drained = new Map<string, Instant>()

  function updates({ stored }: FabricState, now: Instant): readonly string[] {
    return [...stored.deployment.values()].flatMap(({ id, name, update }) => {
      if (!update) {
        steps.delete(id)
        return []
      }
      const step = [update.id, update.kind, update.domain, update.state, update.released].join()
      const known = steps.get(id)
      if (known?.step !== step) steps.set(id, { step, from: now })
      const givenMs = now - (steps.get(id)?.from ?? now)
      const wasHeld = before?.stored.deployment.get(id)?.update?.held !== undefined
      const isEarly = givenMs < timers.roleReadyTimeout - toleranceMs
      return !wasHeld && known && update.held?.code === 'OperationTimedOut' && isEarly
        ? [`the ${update.kind} of ${name} is given up after ${givenMs} ms`]
        : []
    })
  }

  function drains(state: FabricState, former: FabricState, now: Instant): readonly string[] {
    for (const { name, drain } of state.stored.host.values())
      if (drain?.drainedAt === undefined) drained.delete(name)
      else if (!drained.has(name)) drained.set(name, now)
    if (state.stored.instance === former.stored.instance) return nothing
    return [...state.stored.instance.values()].flatMap(({ key, host }) => {
      const from = former.stored.instance.get(key)?.host
      if (from === undefined || from === host || former.observed.lost.has(from)) return []
      const since = drained.get(from)
      const isEarly = since !== undefined && now - since < timers.hostRecoverBudget - toleranceMs
      return isEarly && hosts.has(from) ? [`${key} has left the drained ${from} after ${now - since} ms`] : []
    })
  }

  return {
    name: 'limits-kept',
    check() {
      const state = controller.state()
      if (!state || state === before) return nothing
      const now = clock.now()
      const complaints = [...updates(state, now), ...(before ? drains(state, before, now) : [])]
      before = state
      return complaints
    },
  }
}
