import type { Instant } from '../../../kernel/instant.ts'
import { planPorts } from '../../../service-model/endpoints.ts'
import type { Due } from '../decide.ts'
import { instancesOf, versionOf } from '../find.ts'
import type { DeploymentRecord, InstanceRecord } from '../records.ts'
import { isAcknowledged, isPublic } from '../rotation.ts'
import type { FabricState, Leaving } from '../state.ts'
import { isTold, stops, targetOf } from '../target.ts'

/**
 * What is wanted of instances and not told to their hosts yet. A stop goes through the rotation: the instance drains there, the
 * balancer acknowledges, http requests in flight end, and only then the host is told (H-27, L-1, L-7; design.md 9.3).
 */
export function leave(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  if (deployment.request) return { actions: [] }
  const due: { takeOut: string[]; tell: string[]; wakes: Instant[] } = { takeOut: [], tell: [], wakes: [] }
  for (const instance of instancesOf(state, deployment.id)) {
    const target = targetOf(deployment, instance)
    if (isTold(instance, target)) continue
    const next = stops(instance, target) ? stepOut(state, deployment, instance, now) : 'tell'
    if (next === 'takeOut') due.takeOut.push(instance.key)
    else if (next === 'tell') due.tell.push(instance.key)
    else due.wakes.push(next)
  }
  const why = reasons[deployment.wanted]
  return {
    actions: [
      ...(due.takeOut.length > 0 ? [action('takeOut', deployment, due.takeOut, `${why}: out of rotation first`)] : []),
      ...(due.tell.length > 0 ? [action('tell', deployment, due.tell, why)] : []),
    ],
    wakeAt: due.wakes.length > 0 ? Math.min(...due.wakes) : undefined,
  }
}

const reasons = {
  Running: 'the role instance is to start, or to start anew',
  Suspended: 'the deployment is suspended',
  Deleted: 'the deployment is deleted',
} as const

/** What a running instance needs next before its host may stop it, or until when it waits. */
function stepOut(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  now: Instant,
): 'takeOut' | 'tell' | Instant {
  const { definition } = versionOf(state, deployment, instance.version).package.model
  if (!isPublic(definition, instance.role)) return 'tell'
  const leaving = state.observed.leaving.get(instance.key)
  if (!leaving) return 'takeOut'
  const until = acknowledgedBy(state, leaving, now) ?? drainedBy(state, deployment, instance, leaving)
  return until <= now ? 'tell' : until
}

/** Undefined once nothing new reaches the instance; otherwise until when that is waited for. */
function acknowledgedBy(state: FabricState, leaving: Leaving, now: Instant): Instant | undefined {
  const { balancer } = state.observed
  const { rotationOutLimit, drainLimit } = state.facts.timers
  if (isAcknowledged(state, leaving.version)) return undefined
  // A balancer that is there will answer soon; one that is gone serves nobody, and one that hangs must not hold a stop for ever.
  const until = leaving.since + rotationOutLimit + (balancer.polling ? drainLimit : 0)
  return until > now ? until : undefined
}

/** When the stop may be raised: at once, unless http requests are in flight (design.md 9.3). */
function drainedBy(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  leaving: Leaving,
): Instant {
  const { report } = state.observed.balancer
  const drained = isAcknowledged(state, leaving.version) && report?.drained.includes(instance.key)
  const waits = instance.inRotation && !drained && hasHttp(state, deployment, instance)
  return leaving.since + (waits ? state.facts.timers.drainLimit : 0)
}

function hasHttp(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord): boolean {
  const { definition } = versionOf(state, deployment, instance.version).package.model
  const role = definition.roles.find(({ name }) => name === instance.role)
  return !!role && planPorts(role, instance.index).some(({ kind, protocol }) => kind === 'input' && protocol === 'http')
}

function action(
  kind: 'takeOut' | 'tell',
  { id }: DeploymentRecord,
  instances: readonly string[],
  reason: string,
): Due['actions'][number] {
  return { kind, key: `${kind} ${id}`, reason, deployment: id, instances }
}
