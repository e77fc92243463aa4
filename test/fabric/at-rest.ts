/** What holds of a controller whenever it has come to rest, whatever a test has done with it before. */
import assert from 'node:assert/strict'
import { decide } from '../../src/fabric/controller/decide.ts'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { refreshRotation } from '../../src/fabric/controller/rotation/rotation.ts'
import { apply, put } from '../../src/fabric/controller/state/keep.ts'
import { allSubjects } from '../../src/fabric/controller/state/restore.ts'
import { emptyState, type FabricState } from '../../src/fabric/controller/state/state.ts'
import type { Subject } from '../../src/fabric/controller/subject.ts'
import type { HostGoal, InstanceGoal } from '../../src/host/contract/goal.ts'

/** Nothing is due for anybody: who is concerned by a change is named by it. Nor does anybody have to be asked sooner than will be. */
export function assertNobodyWaits(state: FabricState, wakes: ReadonlyMap<Subject, number>, now: number): void {
  for (const subject of allSubjects(state)) {
    if ((wakes.get(subject) ?? Number.POSITIVE_INFINITY) <= now) continue
    const { actions, wakeAt } = decide(state, subject, now)
    assert.deepEqual(
      actions.map(({ reason }) => reason),
      [],
      `${subject} was not decided about`,
    )
    if (wakeAt !== undefined)
      assert.ok((wakes.get(subject) ?? Number.POSITIVE_INFINITY) <= wakeAt, `${subject} is asked too late`)
  }
}

/** What follows from records is as if they had been read anew. */
export function assertDerived({ stored, derived, facts, startedAt }: FabricState): void {
  const { instance, deployment, host, reservedAddress, event, machine } = stored
  const changes = [
    ...[...deployment].map(([key, record]) => put('deployment', key, record)),
    ...[...instance].map(([key, record]) => put('instance', key, record)),
    ...[...host].map(([key, record]) => put('host', key, record)),
    ...[...reservedAddress].map(([key, record]) => put('reservedAddress', key, record)),
    ...[...event].map(([key, record]) => put('event', key, record)),
    ...[...machine].map(([key, record]) => put('machine', key, record)),
  ]
  const anew = changes.reduce(apply, emptyState(facts, startedAt)).derived
  for (const name of [
    'loads',
    'instancesOf',
    'instancesOn',
    'deploymentsOf',
    'addresses',
    'reservedAddresses',
    'fingerprints',
  ] as const)
    assert.deepEqual(plain(derived[name]), plain(anew[name]), name)
  const cores = ({ cores: all }: typeof derived) => all.filter((count) => count !== 0).toObject()
  assert.deepEqual([cores(derived), derived.serviced], [cores(anew), anew.serviced])
  assert.ok(derived.lastEvent >= anew.lastEvent)
}

/** In no order, since what was read anew comes in another one. */
function plain(found: { toJS(): unknown }): unknown {
  const inOrder = (one: unknown, other: unknown) => (String(one) < String(other) ? -1 : 1)
  return JSON.parse(JSON.stringify(found.toJS()), (_, value: unknown) =>
    Array.isArray(value) ? value.toSorted(inOrder) : value,
  )
}

/** The rotation says what the records say. */
export function assertRotation(state: FabricState): void {
  assert.equal(refreshRotation(state, state.stored.deployment.keys()).observed.rotation, state.observed.rotation)
}

/** What the hosts are to run, with the versions under which they hear of it. What goes is told so when it is out of rotation: until then nothing else of it counts. */
export function goalsOf(state: FabricState): ReadonlyMap<string, HostGoal> {
  const goes = ({ key, deleting }: InstanceGoal) =>
    deleting || state.stored.deployment.get(key.slice(0, key.indexOf('.')))?.wanted === 'Deleted'
  const goal = (host: string): HostGoal => {
    const whole = goalOf(state, host)
    return { ...whole, instances: whole.instances.filter((one) => !goes(one)) }
  }
  return new Map([...state.stored.host.keys()].map((host) => [host, goal(host)]))
}

/** Nothing else is wanted of an instance under the version of the goal that its host had before. */
export function assertGoals(before: ReadonlyMap<string, HostGoal>, after: ReadonlyMap<string, HostGoal>): void {
  for (const [host, { version, instances }] of after) {
    const former = before.get(host)
    if (former?.version !== version) continue
    for (const instance of instances) {
      const same: InstanceGoal | undefined = former.instances.find(({ key }) => key === instance.key)
      assert.equal(
        JSON.stringify(instance),
        JSON.stringify(same),
        `${instance.key} is to be another, and ${host} does not hear of it`,
      )
    }
  }
}
