import type { Instant } from '../../../kernel/instant.ts'
import { restartWords } from '../deployment/restart-words.ts'
import { isTold, stops, type Target, targetOf } from '../deployment/target.ts'
import type { Due } from '../due.ts'
import { servicingOf } from '../servicing/covers.ts'
import { outWords, toldWords } from '../servicing/words.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { isStop } from '../update/change.ts'
import { takeOutWords, tellWords } from '../update/words.ts'
import { stepOut } from './step-out.ts'

/**
 * Targets of instances that are not sent to their hosts yet. A stop goes through the rotation: the instance drains there, the balancer acknowledges,
 * http requests in flight end, and only then the stop is sent (H-27, L-1, L-7; design.md 9.3). The stops of one update or of the platform's servicing
 * are sent together, when the last instance may stop (U-14).
 */
export function leave(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  if (deployment.request) return { actions: [] }
  const instances = instancesOf(state, deployment.id)
  const waiting = instances.flatMap((instance) => untold(state, deployment, instance, now))
  const back = instances.filter((one) => state.observed.leaving.has(one.key) && isTold(one, targetOf(deployment, one)))
  const { joint = [], others = [] } = Object.groupBy(waiting, ({ instance, target }) =>
    isStop(target.change) || servicingOf(deployment, instance) ? 'joint' : 'others',
  )
  const due = [...together(joint), ...others]
  const takeOut = due.filter(({ next }) => next === 'takeOut')
  const tell = due.filter(({ next }) => next === 'tell')
  const wakes = due.flatMap(({ next }) => (typeof next === 'number' ? [next] : []))
  return {
    actions: [
      ...takenBack(deployment, back),
      ...actionsFor('takeOut', deployment, takeOut),
      ...actionsFor('tell', deployment, tell),
    ],
    wakeAt: wakes.length > 0 ? Math.min(...wakes) : undefined,
  }
}

/** Instances whose stop was cancelled on their way out, as by a rollback: they stay in rotation. */
function takenBack({ id }: DeploymentRecord, instances: readonly InstanceRecord[]): Due['actions'] {
  if (instances.length === 0) return []
  const reason = 'the role instances are not to stop any more: back in rotation'
  return [
    { kind: 'takeBack', key: `takeBack ${id}`, reason, deployment: id, instances: instances.map(({ key }) => key) },
  ]
}

/** An instance whose target is not sent yet: what is due for it now, or until when it waits. */
interface Untold {
  readonly instance: InstanceRecord
  readonly target: Target
  readonly next: 'takeOut' | 'tell' | Instant
}

function untold(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  now: Instant,
): readonly Untold[] {
  const target = targetOf(deployment, instance)
  if (isTold(instance, target)) return []
  return [{ instance, target, next: stops(instance, target) ? stepOut(state, deployment, instance, now) : 'tell' }]
}

/** Nothing is sent until all of them are out; a driver asks again when the last wait ends or the balancer reports. */
function together(instances: readonly Untold[]): readonly Untold[] {
  return instances.every(({ next }) => next === 'tell') ? instances : instances.filter(({ next }) => next !== 'tell')
}

/** One action for each reason. */
function actionsFor(
  kind: 'takeOut' | 'tell',
  deployment: DeploymentRecord,
  due: readonly Untold[],
): readonly Due['actions'][number][] {
  const groups = Map.groupBy(due, (one) => groupOf(deployment, one))
  return [...groups].map(([group, members]) => ({
    kind,
    key: `${kind} ${deployment.id} ${group}`,
    reason: reasonFor(kind, deployment, members),
    deployment: deployment.id,
    instances: members.map(({ instance }) => instance.key),
  }))
}

function groupOf(deployment: DeploymentRecord, { instance, target }: Untold): string {
  const { wanted } = deployment
  if (instance.going || wanted === 'Deleted') return 'Gone'
  if (servicingOf(deployment, instance)) return 'serviced'
  if (target.version !== instance.version) return target.change
  return restartWords(deployment, instance) ?? wanted
}

function reasonFor(kind: 'takeOut' | 'tell', deployment: DeploymentRecord, members: readonly Untold[]): string {
  const [first] = members
  const names = members.map(({ instance }) => instance.name)
  if (first && deployment.update && first.target.version !== first.instance.version) {
    const { update } = deployment
    const place = first.instance.upgradeDomain === update.first ? { ...update, domain: update.first } : update
    return kind === 'takeOut' ? takeOutWords(place, names) : tellWords(place, first.target.change, names)
  }
  const servicing = first && !first.instance.going && servicingOf(deployment, first.instance)
  if (servicing && deployment.wanted === 'Running') {
    const own = members.flatMap(({ instance }) => restartWords(deployment, instance) ?? [])
    return [(kind === 'takeOut' ? outWords : toldWords)(servicing, names), ...own].join('; and ')
  }
  const why = first?.instance.going
    ? 'the role instance is removed from the deployment'
    : ((first && restartWords(deployment, first.instance)) ?? reasons[deployment.wanted])
  return kind === 'takeOut' ? `${why}: out of rotation first` : why
}

const reasons = {
  Running: 'the deployment is to run',
  Suspended: 'the deployment is suspended',
  Deleted: 'the deployment is deleted',
} as const
