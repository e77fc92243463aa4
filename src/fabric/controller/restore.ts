import type { Instant } from '../../kernel/instant.ts'
import type { Change } from './change.ts'
import type { FabricFacts } from './facts.ts'
import { renewGoals } from './goals.ts'
import { apply, drop, keep, put } from './keep.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { SubscriptionRecord } from './records/subscription.ts'
import type { TableName } from './records.ts'
import { refreshRotation } from './rotation.ts'
import { emptyState, type FabricState } from './state.ts'
import { deploymentSubject, hostSubject, type Subject } from './subject.ts'
import { isMember } from './update/change.ts'

/** The state that a master begins with: what is stored, and nothing observed. */
export function restore(
  facts: FabricFacts,
  startedAt: Instant,
  records: Iterable<readonly [key: string, value: unknown]>,
): FabricState {
  const changes = [...records].map(([key, record]) => changeOf(key, record))
  const empty = emptyState(facts, startedAt)
  const instances = changes.filter(({ table }) => table === 'instance').sort(byNumber)
  const stored = [...changes.filter(({ table }) => table !== 'instance'), ...instances].reduce(apply, empty)
  const whole = withoutOrphans(stored)
  const goals = renewGoals(whole, whole.stored.host.keys())
  return refreshRotation(goals, goals.stored.deployment.keys())
}

/** The subscription of a fabric that has none yet. */
export function withFirstSubscription(state: FabricState, subscription: SubscriptionRecord): FabricState {
  if (!state.stored.subscription.isEmpty()) return state
  return keep(state, put('subscription', subscription.id, subscription))
}

/** Everything that there is to decide about, as at start. */
export function allSubjects({ stored }: FabricState): readonly Subject[] {
  return [...[...stored.deployment.keys()].map(deploymentSubject), ...[...stored.host.keys()].map(hostSubject), 'pool']
}

function changeOf(key: string, record: unknown): Change {
  const slash = key.indexOf('/')
  return { table: key.slice(0, slash) as TableName, key: key.slice(slash + 1), record } as Change
}

function byNumber(a: Change, b: Change): number {
  const [one, other] = [a.record as InstanceRecord, b.record as InstanceRecord]
  return one.role === other.role ? one.index - other.index : one.role < other.role ? -1 : 1
}

/** Instances are stored before the version that has them (keep-places.ts): those of a crash between the two go. */
function withoutOrphans(state: FabricState): FabricState {
  const isOrphan = (instance: InstanceRecord) => {
    const owner: DeploymentRecord | undefined = state.stored.deployment.get(instance.deployment)
    return !owner || !Object.values(owner.versions).some((version) => isMember(version, instance))
  }
  const orphans = [...state.stored.instance.values()].filter(isOrphan)
  return orphans.reduce((before, { key }) => keep(before, drop('instance', key)), state)
}
