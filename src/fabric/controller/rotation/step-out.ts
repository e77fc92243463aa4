import type { Instant } from '../../../kernel/instant.ts'
import { planPorts } from '../../../service-model/endpoints.ts'
import { versionOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState, Leaving } from '../state/state.ts'
import { isAcknowledged, isDrained, unheardUntil } from './balancers.ts'
import { isPublic } from './rotation.ts'

/** What a running instance needs next before its host may stop it, or until when it waits. */
export function stepOut(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  now: Instant,
): 'takeOut' | 'tell' | Instant {
  const { definition } = versionOf(state, deployment, instance.version, instance.role).package.model
  if (!isPublic(definition, instance.role)) return 'tell'
  const leaving = state.observed.leaving.get(instance.key)
  if (!leaving) return 'takeOut'
  const until = acknowledgedBy(state, leaving, now) ?? drainedBy(state, deployment, instance, leaving)
  return until <= now ? 'tell' : until
}

/** Undefined once nothing new reaches the instance; else until when to wait for that. */
function acknowledgedBy(state: FabricState, leaving: Leaving, now: Instant): Instant | undefined {
  const { rotationOutLimit, drainLimit } = state.facts.timers
  const lives = state.observed.balancers.some(({ polling }) => polling)
  // A running balancer will answer soon; one that is gone serves nobody; one that hangs must not delay a stop for ever.
  const answered = isAcknowledged(state, leaving.version)
    ? now
    : leaving.since + rotationOutLimit + (lives ? drainLimit : 0)
  const until = Math.max(answered, unheardUntil(state))
  return until > now ? until : undefined
}

/** When the stop may be raised: at once, unless http requests are in flight (design.md 9.3). */
function drainedBy(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  leaving: Leaving,
): Instant {
  const drained = isAcknowledged(state, leaving.version) && isDrained(state, instance.key)
  const waits = instance.inRotation && !drained && hasHttp(state, deployment, instance)
  return leaving.since + (waits ? state.facts.timers.drainLimit : 0)
}

function hasHttp(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord): boolean {
  const { definition } = versionOf(state, deployment, instance.version, instance.role).package.model
  const role = definition.roles.find(({ name }) => name === instance.role)
  return !!role && planPorts(role, instance.index).some(({ kind, protocol }) => kind === 'input' && protocol === 'http')
}
