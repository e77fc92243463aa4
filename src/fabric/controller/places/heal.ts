import { attempt } from '../../../kernel/attempt.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { awaitingBlame, healedAlike } from '../blame/failing.ts'
import { isBraked } from '../brake/brake.ts'
import { stoppedBy } from '../brake/running-on.ts'
import type { Due } from '../due.ts'
import { noteInstance } from '../history/events.ts'
import { withThrown } from '../history/set-aside.ts'
import { noteTransitions } from '../seen/transitions.ts'
import { hostsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { awayUntil, homelessOn } from './homeless.ts'
import { relocated } from './relocate.ts'

/**
 * Instances of a host that stays away for longer than hostRecoverBudget start on other hosts (H-16); when there is no room, they try again once there
 * is. While the brake is on they wait (H-39), while the host may run on (H-38), and while those that were healed fail
 * alike (H-40), unless the operator has removed the machine.
 */
export function heal(state: FabricState, host: HostRecord, now: Instant): Due {
  const { unhealed, room } = state.observed
  const { name } = host
  const away = awayUntil(state, host)
  const isHeld = !host.removed && (isBraked(state) || healedAlike(state) !== undefined)
  if (!away || isHeld || unhealed.get(name) === room || homelessOn(state, name).length === 0) return { actions: [] }
  const stopped = stoppedBy(state, name)
  if (stopped === undefined) return { actions: [] }
  const until = Math.max(away.until, stopped)
  if (now < until) return { actions: [], wakeAt: until }
  return { actions: [{ kind: 'heal', key: `heal ${name}`, reason: away.reason, host: name }] }
}

/** Instances of a host that has been away for too long start on other hosts (H-16). */
export function healed(state: FabricState, { host, reason }: ResolutionOf<'heal'>, now: Instant): ControllerStep {
  const homeless = homelessOn(state, host)
  let next = state
  for (const instance of homeless) next = elsewhere(next, instance, reason, now)
  const left = homelessOn(next, host).length > 0
  const unhealed = left ? next.observed.unhealed.set(host, next.observed.room) : next.observed.unhealed.delete(host)
  const deployments = [...new Set(homeless.map(({ deployment }) => deployment))]
  const hosts = new Set(deployments.flatMap((id) => [...hostsOf(next, id)]))
  const keys = homeless.map(({ key }) => key)
  return {
    state: noteTransitions(state, renewGoals(observe(next, { unhealed }), hosts.add(host)), keys, now),
    touched: [hostSubject(host), ...deployments.map(deploymentSubject), ...awaitingBlame(state, next, keys)],
  }
}

/** An instance for which this throws stays where it was; the others are still healed (F-27). */
function elsewhere(state: FabricState, instance: InstanceRecord, reason: string, now: Instant): FabricState {
  const subject = deploymentSubject(instance.deployment)
  const moved = attempt(() => relocated(state, instance, { kind: 'Healed', reason }, now))
  if ('threw' in moved) return withThrown(state, subject, 'healing', moved.threw)
  return withThrown(moved.value ?? waiting(state, instance, reason, now), subject, 'healing', undefined)
}

function waiting(state: FabricState, instance: InstanceRecord, reason: string, now: Instant): FabricState {
  const why = `${reason}, and no other host has room for the role instance`
  return noteInstance(state, now, instance, 'HealingWaits', why)
}
