import { attempt } from '../../../kernel/attempt.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { noteSetAside, withThrown } from '../history/set-aside.ts'
import { refreshRotation } from '../rotation/rotation.ts'
import { deploymentSubject, hostSubject, machineSubject, type Subject } from '../subject.ts'
import { isMember } from '../update/change.ts'
import type { Change } from './change.ts'
import type { FabricFacts } from './facts.ts'
import { renewGoals } from './goal-versions.ts'
import { apply, drop, keep, put } from './keep.ts'
import { knownSize } from './load.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { SubscriptionRecord } from './records/subscription.ts'
import type { Records, TableName } from './records.ts'
import { emptyState, type FabricState } from './state.ts'

/** The state that a master begins with: what is stored, and nothing observed. */
export function restore(
  facts: FabricFacts,
  startedAt: Instant,
  records: Iterable<readonly [key: string, value: unknown]>,
): FabricState {
  const changes = [...records].map(([key, record]) => changeOf(key, record))
  const empty = emptyState(facts, startedAt)
  const instances = changes.filter(({ table }) => table === 'instance').sort(byNumber)
  const stored = [...changes.filter(({ table }) => table !== 'instance'), ...instances].reduce(readable, empty)
  const whole = withoutOrphans(stored)
  const goals = renewGoals(whole, whole.stored.host.keys())
  return noteSetAside(empty, refreshRotation(goals, goals.stored.deployment.keys()), startedAt)
}

/** A record for which this throws is skipped and stays stored as it is; its subject is set aside (F-27). */
function readable(state: FabricState, change: Change): FabricState {
  const applied = attempt(() => apply(state, checked(change)))
  if ('threw' in applied) return withThrown(state, subjectOf(change), 'record', applied.threw)
  const sound = attempt(() => change.table === 'instance' && knownSize((change.record as InstanceRecord).size))
  return 'threw' in sound ? withThrown(applied.value, subjectOf(change), 'record', sound.threw) : applied.value
}

function subjectOf({ table, key }: Change): Subject {
  if (table === 'host') return hostSubject(key)
  if (table === 'machine') return machineSubject(key)
  if (table === 'instance') return deploymentSubject(key.slice(0, key.indexOf('.')))
  return table === 'deployment' ? deploymentSubject(key) : 'pool'
}

/** Throws a TypeError that names the record when a field that finds other records is missing. */
function checked(change: Change): Change {
  const record = change.record as Readonly<Record<string, unknown>> | null | undefined
  const lacks = (needed[change.table] ?? []).filter((name) => record?.[name] === undefined || record[name] === null)
  if (typeof record !== 'object' || record === null || lacks.length > 0)
    throw new TypeError(`the stored record ${change.table}/${change.key} lacks ${lacks.join(', ') || 'everything'}`)
  return change
}

const needed: { readonly [Name in TableName]?: readonly (keyof Records[Name])[] } = {
  deployment: ['id', 'service', 'name', 'slot', 'versions', 'waiting', 'wanted', 'vip'],
  instance: ['key', 'deployment', 'role', 'name', 'host', 'containerId', 'told', 'epochs', 'ports', 'size'],
  service: ['name', 'subscriptionId'],
  operation: ['id', 'subscriptionId', 'objectId', 'status'],
  host: ['name', 'cores'],
  event: ['number', 'subject'],
  brake: ['hosts'],
  machine: ['name', 'number', 'certificates'],
  formerMachine: ['etcdCertificates'],
  joinToken: ['validUntil'],
  authority: ['certificatePem', 'keyPem'],
}

/** The subscription of a fabric that has none yet; `limits` are those that the operator has given at this start (S-1). */
export function withSubscription(
  state: FabricState,
  first: SubscriptionRecord,
  limits: Partial<Pick<SubscriptionRecord, 'maxCores' | 'maxServices'>> = {},
): FabricState {
  const known = state.stored.subscription.get(first.id)
  if (state.stored.subscription.isEmpty()) return keep(state, put('subscription', first.id, first))
  // What is the same is not stored again: a start on a full disk would end for it.
  if (!known || Object.entries(limits).every(([name, limit]) => known[name as keyof typeof limits] === limit))
    return state
  return keep(state, put('subscription', known.id, { ...known, ...limits }))
}

/** All subjects, to be decided at start. */
export function allSubjects({ stored }: FabricState): readonly Subject[] {
  return [
    ...[...stored.deployment.keys()].map(deploymentSubject),
    ...[...stored.host.keys()].map(hostSubject),
    ...[...stored.machine.keys()].map(machineSubject),
    'pool',
  ]
}

function changeOf(key: string, record: unknown): Change {
  const slash = key.indexOf('/')
  return { table: key.slice(0, slash) as TableName, key: key.slice(slash + 1), record } as Change
}

function byNumber(a: Change, b: Change): number {
  const [one, other] = [a.record as InstanceRecord, b.record as InstanceRecord]
  if (!one || !other) return Number(!one) - Number(!other)
  return one.role === other.role ? one.index - other.index : one.role < other.role ? -1 : 1
}

/** Instances are stored before the version that has them (keep-places.ts): after a crash between the two they are dropped. */
function withoutOrphans(state: FabricState): FabricState {
  const isOrphan = (instance: InstanceRecord) => {
    const owner: DeploymentRecord | undefined = state.stored.deployment.get(instance.deployment)
    // An instance stays when the record of its deployment cannot be read: it may still be a member.
    if (!owner) return !state.observed.thrown.has(deploymentSubject(instance.deployment))
    const versions = Object.values(owner.versions)
    if (versions.length === 0 && !owner.request) return false
    const found = attempt(() => versions.some((version) => isMember(version, instance)))
    return 'value' in found && !found.value
  }
  const orphans = [...state.stored.instance.values()].filter(isOrphan)
  return orphans.reduce((before, { key }) => keep(before, drop('instance', key)), state)
}
