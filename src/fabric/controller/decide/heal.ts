import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { HostRecord } from '../records.ts'
import { type FabricState, lastHeard } from '../state.ts'

/** Instances of a lost host that did not come back within hostRecoverBudget start on other hosts (H-16); when there is no room, again once there is. */
export function heal(state: FabricState, { name }: HostRecord, now: Instant): Due {
  const { lost, unhealed, room } = state.observed
  if (!lost.has(name) || !state.derived.instancesOn.has(name) || unhealed.get(name) === room) return { actions: [] }
  const { hostLostAfter, hostRecoverBudget } = state.facts.timers
  const until = lastHeard(state, name) + hostLostAfter + hostRecoverBudget
  if (now < until) return { actions: [], wakeAt: until }
  const reason = `the host was lost and has not come back within ${hostRecoverBudget / 1000} s`
  return { actions: [{ kind: 'heal', key: `heal ${name}`, reason, host: name }] }
}
