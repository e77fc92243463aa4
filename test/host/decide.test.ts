/** What a Host Agent does in which situation: a row is a situation and what is due in it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { defaultProbePort } from '../../src/guest/contract/goal-state.ts'
import type { Health } from '../../src/guest/contract/health.ts'
import type { HostAction } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { decide } from '../../src/host/agent/decide.ts'
import { disksOf } from '../../src/host/agent/disks-of.ts'
import { drivesToRebuild, intentOf, stopIsDue } from '../../src/host/agent/intent.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import { containerSubject, packageSubject } from '../../src/host/agent/message.ts'
import { openPortsOf } from '../../src/host/agent/open-ports-of.ts'
import { refreshed } from '../../src/host/agent/serve.ts'
import {
  type Container,
  type ContainerRecord,
  emptyState,
  type HeldPackage,
  type HostState,
} from '../../src/host/agent/state.ts'
import { reportOf, statusOf } from '../../src/host/agent/status.ts'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { containerId, goalWith, guestWith, hostConfiguration, key } from './goals.ts'

const now = 1_000_000_000
const timers = timersWith([])
const process = { pid: 7, startTime: '1', bootId: 'boot' }

const configuration = hostConfiguration(timers)

interface Situation {
  readonly goal?: Partial<InstanceGoal> | 'none'
  readonly container?: Partial<Container>
  readonly record?: Partial<ContainerRecord>
  readonly packageHeld?: boolean
  readonly power?: HostState['power']
}

/** A host with one instance. What is not said: its package is there, its guest was created, listens, and is started. */
function stateIn({ goal = {}, container = {}, record = {}, packageHeld = true, power = 'on' }: Situation): HostState {
  const whole = goalWith(goal === 'none' ? {} : goal)
  const stored = {
    goal: { version: 1, instances: [{ ...whole, deleting: false }], asks: [] },
    packages: new Map(packageHeld ? [[whole.packageSha256, whole.packageSha256]] : []),
  }
  const base = loadedState(configuration, { ...stored, records: [] }, () => true, now)
  const placed = base.containers.get(containerId) as Container
  const changed: Container = {
    ...placed,
    goal: goal === 'none' ? undefined : whole,
    listening: true,
    ...container,
    record: {
      ...placed.record,
      run: '/run/x',
      wirePort: 8000,
      epochs: { guest: 0, c: 0, d: 0, e: 0 },
      process,
      ...record,
    },
  }
  return {
    ...base,
    goal: goal === 'none' ? { ...base.goal, instances: [] } : base.goal,
    containers: new Map([[containerId, changed]]),
    power,
  }
}

const health = { goalStateIncarnation: 1, containerId, instanceId: key, revision: 1 }
const ready = { heard: true, health: { ...health, state: 'Ready' as const } }
const stopped = { heard: true, health: { ...health, state: 'Stopped' as const } }
const stopLimit = timers.onStopLimit + 2 * timers.heartbeatInterval

interface Row extends Situation {
  readonly when: string
  /** What is done: kind and reason; nothing when left out. */
  readonly does?: string
  /** When it is asked again, from now. */
  readonly inMs?: number
}

const rows: readonly Row[] = [
  { when: 'the guest is Ready', container: ready, inMs: timers.heartbeatRestartAfter },
  {
    when: 'the guest has been silent for just less than the limit (H-5)',
    container: { ...ready, silentFrom: now - timers.heartbeatRestartAfter + 1 },
    inMs: 1,
  },
  {
    when: 'the guest has been silent for the limit (H-5)',
    container: { ...ready, silentFrom: now - timers.heartbeatRestartAfter },
    does: 'stopGuest: no heartbeat for 600 s, so the guest is restarted',
  },
  {
    when: 'a guest that was told to stop is silent (wire-server.md 10.2)',
    goal: { machine: 'Stopped' },
    container: { ...ready, silentFrom: now - timers.heartbeatRestartAfter },
    record: { stoppingSince: now },
    inMs: stopLimit,
  },
  {
    when: 'the wire server of a guest that runs is missing',
    container: { listening: false },
    does: 'listen: the guest runs and has no wire server',
  },
  {
    when: 'nothing has been made yet',
    record: { process: undefined, run: undefined },
    does: 'createGuest: the instance is placed on this host',
  },
  { when: 'the package is not here yet', packageHeld: false, record: { process: undefined, run: undefined } },
  {
    when: 'the disk is nearly full, and the guest holds more than its own (H-26)',
    container: { ...ready, overfull: { heldMB: 900, ownMB: 400 } },
    does: 'stopGuest: the disk of the host is nearly full, and the drives of this instance hold 900 MB, of which 400 MB are its own: local storage up to its size, TEMP, logs and role roots',
  },
  {
    when: 'such a guest is to stop anyway, gracefully',
    goal: { machine: 'Stopped' },
    container: { ...ready, overfull: { heldMB: 900, ownMB: 400 } },
    record: { stoppingSince: now },
    inMs: stopLimit,
  },
  { when: 'everything is prepared', record: { process: undefined }, does: 'startGuest: the goal is Started' },
  {
    when: 'the last attempt has failed a moment ago',
    record: { process: undefined },
    container: { trouble: { fault: { code: 'x', message: 'y' }, retryAt: now + 5 } },
    inMs: 5,
  },
  {
    when: 'the first process of the guest has ended',
    container: { ...ready, ended: true },
    does: 'stopGuest: the first process of the guest has ended',
  },
  {
    when: 'a reboot is asked of a Ready guest',
    goal: { epochs: { guest: 1, c: 0, d: 0, e: 1 } },
    container: ready,
    record: { stoppingSince: now - 10 },
    inMs: stopLimit - 10,
  },
  {
    when: 'the role of a guest that restarts has stopped',
    goal: { epochs: { guest: 1, c: 0, d: 0, e: 1 } },
    container: stopped,
    does: 'stopGuest: the goal asks for a restart of the guest',
  },
  {
    when: 'a guest that was rebooted has ended',
    goal: { epochs: { guest: 1, c: 0, d: 0, e: 1 } },
    record: { process: undefined },
    does: 'rebuildDrives: E: F: to be made anew',
  },
  {
    when: 'a guest restarts and keeps its drives',
    goal: { epochs: { guest: 1, c: 0, d: 0, e: 0 } },
    record: { process: undefined },
    does: 'rebuildDrives: the guest restarts with its drives kept',
  },
  {
    when: 'the host has had a power cycle (table 3.1)',
    record: { process: undefined, rebuild: ['d'] },
    does: 'rebuildDrives: D: to be made anew',
  },
  { when: 'the instance is suspended and has stopped', goal: { machine: 'Stopped' }, record: { process: undefined } },
  {
    when: 'a former run of the agent may have ended between the start of a suspended instance and its note',
    goal: { machine: 'Stopped' },
    container: { unsure: true },
    record: { process: undefined },
    does: 'stopGuest: a former run of the agent may have started the guest and not noted it',
  },
  {
    when: 'such an instance is to run, and its start ends what runs of it',
    container: { unsure: true },
    record: { process: undefined },
    does: 'startGuest: the goal is Started',
  },
  {
    when: 'the role of a suspended instance has stopped',
    goal: { machine: 'Stopped' },
    container: stopped,
    does: 'stopGuest: the goal is Stopped',
  },
  {
    when: 'OnStop has had its time (H-28)',
    goal: { machine: 'Stopped' },
    container: ready,
    record: { stoppingSince: now - stopLimit },
    does: 'stopGuest: the goal is Stopped',
  },
  {
    when: 'a guest that was never heard is deleted',
    goal: { deleting: true },
    does: 'stopGuest: the instance is being deleted',
  },
  {
    when: 'a guest that is being deleted has ended',
    goal: { deleting: true },
    record: { process: undefined },
    does: 'removeGuest: the instance is being deleted',
  },
  {
    when: 'the goal does not name the instance any more',
    goal: 'none',
    record: { process: undefined },
    does: 'removeGuest: the instance is being deleted',
  },
  { when: 'the host powers off', power: 'off', container: stopped, does: 'stopGuest: the goal is Stopped' },
  {
    when: 'the operator does not want to wait',
    power: 'cut',
    container: ready,
    does: 'stopGuest: the goal is Stopped',
  },
]

describe('a container is decided on', () => {
  for (const { when, does, inMs, ...situation } of rows)
    it(`when ${when}: ${does ?? `nothing${inMs === undefined ? '' : `, and asked again in ${inMs} ms`}`}`, () => {
      const { actions, wakeAt } = decide(stateIn(situation), `container:${containerId}`, now)
      assert.deepEqual(
        {
          actions: actions.map(({ kind, reason }) => `${kind}: ${reason}`),
          inMs: wakeAt === undefined ? undefined : wakeAt - now,
        },
        { actions: does ? [does] : [], inMs },
      )
    })
})

interface StatusRow extends Omit<Situation, 'power'> {
  readonly when: string
  readonly is: InstanceReport['status']
  readonly power: InstanceReport['powerState']
  /** What else the report says than that nothing is to say. */
  readonly says?: Partial<InstanceReport>
}

const stops = { goal: { machine: 'Stopped' } } as const
/** What only a guest says speaks of the revision that it has reached, the rest of that of the goal. */
const bySelf = { revision: 1 } as const
const { served } = (stateIn({}).containers.get(containerId) as Container).record
const trouble = { fault: { code: 'x', message: 'y' }, retryAt: now }
const notReady = (subStatus: string) => ({
  container: { heard: true, health: { ...health, state: 'NotReady' as const, subStatus, description: 'words' } },
})
const saysWords = { ...bySelf, details: 'words' }

const statuses: readonly StatusRow[] = [
  {
    when: 'the package is on its way',
    packageHeld: false,
    record: { process: undefined, run: undefined, served: undefined },
    is: 'Preparing',
    power: 'Starting',
  },
  {
    when: 'the guest is being made',
    record: { process: undefined, run: undefined },
    is: 'CreatingVM',
    power: 'Starting',
  },
  { when: 'the guest is made and starts', record: { process: undefined }, is: 'StartingVM', power: 'Starting' },
  { when: 'the guest has started', is: 'StartingVM', power: 'Starting' },
  {
    when: 'an agent of another make has polled',
    container: { heard: true },
    is: 'CreatingRole',
    power: 'Started',
  },
  {
    when: 'the guest says so',
    ...notReady('CyclingRole'),
    is: 'CyclingRole',
    power: 'Started',
    says: { ...saysWords, errorCode: 'RoleCycling' },
  },
  {
    when: 'a foreign agent provisions',
    ...notReady('Provisioning'),
    is: 'CreatingRole',
    power: 'Started',
    says: saysWords,
  },
  {
    when: 'a foreign agent could not provision',
    ...notReady('ProvisioningFailed'),
    is: 'FailedStartingRole',
    power: 'Started',
    says: { ...saysWords, errorCode: 'RoleStartFailed' },
  },
  {
    when: 'a foreign agent says anything else',
    ...notReady('Whatever'),
    is: 'BusyRole',
    power: 'Started',
    says: saysWords,
  },
  ...(['StartingRole', 'StoppingRole', 'RestartingRole', 'BusyRole'] as const).map(
    (is): StatusRow => ({ when: 'the guest says it', ...notReady(is), is, power: 'Started', says: saysWords }),
  ),
  { when: 'it says Ready', container: ready, is: 'ReadyRole', power: 'Started', says: bySelf },
  {
    when: 'it says Ready and something else, after failures',
    container: { heard: true, health: { ...ready.health, description: 'words', failures: 3 } },
    is: 'ReadyRole',
    power: 'Started',
    says: { ...saysWords, failures: 3 },
  },
  {
    when: 'it said Ready and has ended since',
    container: { ...ready, ended: true },
    is: 'StartingVM',
    power: 'Starting',
  },
  {
    when: 'it says Ready and is to stop',
    ...stops,
    container: { heard: true, health: { ...ready.health, description: 'words' } },
    record: { stoppingSince: now },
    is: 'StoppingRole',
    power: 'Started',
    says: { details: 'words' },
  },
  {
    when: 'it has not said anything and is to stop',
    ...stops,
    container: { heard: true },
    record: { stoppingSince: now },
    is: 'StoppingRole',
    power: 'Started',
  },
  { when: 'its role has stopped', ...stops, container: stopped, is: 'StoppingVM', power: 'Stopping' },
  {
    when: 'its role has stopped, though it is to run',
    container: stopped,
    is: 'StoppedVM',
    power: 'Stopped',
    says: bySelf,
  },
  { when: 'it has stopped', ...stops, record: { process: undefined }, is: 'StoppedVM', power: 'Stopped' },
  {
    when: 'it was created suspended (T-2)',
    ...stops,
    record: { process: undefined, run: undefined },
    is: 'StoppedVM',
    power: 'Stopped',
  },
  {
    when: 'it goes',
    goal: 'none',
    record: { process: undefined },
    is: 'DeletingVM',
    power: 'Stopping',
    says: { revision: 2 },
  },
  {
    when: 'it goes and cannot be removed',
    goal: 'none',
    record: { process: undefined },
    container: { trouble },
    is: 'DeletingVM',
    power: 'Stopping',
    says: { revision: 2, details: 'y' },
  },
  {
    when: 'it goes and its role has stopped',
    goal: { deleting: true },
    container: stopped,
    is: 'DeletingVM',
    power: 'Stopping',
  },
  {
    when: 'it has been silent for a millisecond less than the limit',
    container: { ...ready, silentFrom: now - timers.unresponsiveAfter + 1 },
    is: 'ReadyRole',
    power: 'Started',
    says: bySelf,
  },
  {
    when: 'it is silent',
    container: { ...ready, silentFrom: now - timers.unresponsiveAfter - 3 },
    is: 'UnresponsiveRole',
    power: 'Started',
    says: {
      details: `No heartbeat from the guest since ${new Date(now - timers.unresponsiveAfter - 3).toISOString()}.`,
      errorCode: 'NoHeartbeat',
      since: now - 3,
    },
  },
  {
    when: 'it has been silent for the limit',
    container: { ...ready, silentFrom: now - timers.unresponsiveAfter },
    is: 'UnresponsiveRole',
    power: 'Started',
    says: {
      details: `No heartbeat from the guest since ${new Date(now - timers.unresponsiveAfter).toISOString()}.`,
      errorCode: 'NoHeartbeat',
      since: now,
    },
  },
  {
    when: 'it is silent for ten minutes to the millisecond',
    container: { ...ready, silentFrom: now - timers.heartbeatRestartAfter },
    is: 'StoppingVM',
    power: 'Stopping',
    says: { since: now },
  },
  {
    when: 'its role is to stop, and is Ready still',
    container: ready,
    record: { served: served && { ...served, role: 'Stopped' } },
    is: 'StoppingRole',
    power: 'Started',
    says: bySelf,
  },
  {
    when: 'it is silent for ten minutes',
    container: { ...ready, silentFrom: now - timers.heartbeatRestartAfter - 3 },
    is: 'StoppingVM',
    power: 'Stopping',
    says: { since: now - 3 },
  },
  {
    when: 'it was adopted and not heard yet',
    container: { adopted: true, heard: true },
    is: 'RoleStateUnknown',
    power: 'Unknown',
    says: { details: 'Not heard since the Host Agent started anew.' },
  },
  {
    when: 'it cannot be started',
    record: { process: undefined },
    container: { trouble },
    is: 'FailedStartingVM',
    power: 'Stopped',
    says: { details: 'y', errorCode: 'x' },
  },
]

describe('the status of an instance (table 2.1), with all that is reported of it,', () => {
  for (const { when, is, power, says, goal = {}, ...situation } of statuses)
    it(`is ${is} when ${when}`, () => {
      const state = stateIn({
        ...situation,
        goal: goal === 'none' ? goal : { revision: 3, ...goal },
        container: { since: now - 5, ...situation.container },
        record: { revision: 2, uid: 70_001, ...situation.record },
      })
      const container = state.containers.get(containerId) as Container
      assert.equal(statusOf(state, container, now), is)
      assert.deepEqual(reportOf(state, container, now), {
        key,
        revision: 3,
        status: is,
        details: '',
        powerState: power,
        account: 70_001,
        since: now - 5,
        failures: 0,
        ...says,
      })
    })

  it('says why its package cannot be had, also when it is that of the next role root', () => {
    const of = (
      goal: Partial<InstanceGoal>,
      held: Readonly<Record<string, HeldPackage>>,
      record: Partial<ContainerRecord>,
    ) => {
      const state = { ...stateIn({ goal, container: ready, record }), packages: new Map(Object.entries(held)) }
      const { status, details, prepared, prepareFault } = reportOf(
        state,
        state.containers.get(containerId) as Container,
        now,
      )
      return [status, details, prepared, prepareFault]
    }
    const [here, absent] = [{ directory: 'd', failures: 0 }, { failures: 0 }]
    const failing = { failures: 1, trouble }
    const [own, next] = [goalWith().packageSha256, 'b'.repeat(64)]
    const prepare = { prepare: { packageSha256: next } }
    const unmade = { process: undefined, run: undefined, served: undefined }
    assert.deepEqual(of({}, { [own]: failing }, unmade), ['Preparing', 'y', undefined, undefined])
    assert.deepEqual(of(prepare, { [own]: here, [next]: failing }, {}), ['ReadyRole', '', undefined, 'y'])
    assert.deepEqual(of(prepare, { [own]: here, [next]: absent }, {}), ['ReadyRole', '', undefined, undefined])
    assert.deepEqual(of(prepare, { [own]: here, [next]: here }, {}), ['ReadyRole', '', undefined, undefined])
    assert.deepEqual(of(prepare, { [own]: here, [next]: failing }, { process: undefined }), [
      'StartingVM',
      '',
      undefined,
      undefined,
    ])
  })
})

describe('the processes of a guest that is to stop are ended (H-27)', () => {
  const due = (
    container: Partial<Container>,
    record: Partial<ContainerRecord> = {},
    power: HostState['power'] = 'on',
  ) => {
    const state = stateIn({ container, record: { stoppingSince: now, ...record }, power })
    return stopIsDue(state, state.containers.get(containerId) as Container, now)
  }
  const cases: Readonly<Record<string, readonly [boolean, boolean]>> = {
    'not while its role runs': [due(ready), false],
    'when they have ended': [due({ ...ready, ended: true }), true],
    'when nothing was ever heard of it': [due({ heard: false }), true],
    'when its role has stopped': [due(stopped), true],
    'not when it had stopped for an older goal': [due(stopped, { incarnation: 2 }), false],
    'when the power of the host is cut': [due(ready, {}, 'cut'), true],
    'not when the host powers off in order': [due(ready, {}, 'off'), false],
    'at its deadline': [due(ready, { stoppingSince: now - stopLimit }), true],
    'and not a moment before': [due(ready, { stoppingSince: now - stopLimit + 1 }), false],
  }
  for (const [when, [is, wanted]] of Object.entries(cases)) it(when, () => assert.equal(is, wanted))
})

describe('what is wanted of a guest (table 3.1)', () => {
  const applied = { guest: 1, c: 1, d: 1, e: 1 }
  const wanted = { c: ['c'], d: ['d'], e: ['e', 'f'], guest: [] }
  const containerAt = (epochs: Partial<typeof applied>, record: Partial<ContainerRecord> = {}) =>
    stateIn({ goal: { epochs: { ...applied, ...epochs } }, record: { epochs: applied, ...record } }).containers.get(
      containerId,
    ) as Container
  for (const [name, drives] of Object.entries(wanted))
    it(`is a restart when the epoch ${name} alone has grown, with the drives ${drives.join(' and ') || 'as they are'}`, () => {
      const grown = containerAt({ [name]: 2 })
      assert.equal(intentOf({ power: 'on' }, grown), 'restart')
      assert.deepEqual(drivesToRebuild(grown), drives)
      assert.equal(intentOf({ power: 'on' }, containerAt({ [name]: 2 }, { process: undefined })), 'run')
      assert.equal(intentOf({ power: 'on' }, containerAt({ [name]: 0 })), 'run')
    })

  it('is nothing to be made anew of one that goes', () =>
    assert.deepEqual(drivesToRebuild({ ...containerAt({ d: 2 }), goal: undefined }), []))
})

it('a package that nobody knows is no concern of the host', () =>
  assert.deepEqual(decide(stateIn({}), packageSubject('f'.repeat(64)), now), { actions: [] }))

describe('the documents', () => {
  const receive = (state: HostState, version: number, change: Partial<InstanceGoal>) =>
    hostAgent.receive(state, { kind: 'goal', goal: { version, instances: [goalWith(change)], asks: [] } }, now).state
  const incarnation = (state: HostState) => state.containers.get(containerId)?.record.incarnation

  it('of a goal that says the same are the ones that are served, so that nobody compares them again', () => {
    const certificate = { thumbprint: 'C'.repeat(40), data: 'x' }
    const state = receive(stateIn({ goal: { certificates: [certificate] } }), 2, { certificates: [{ ...certificate }] })
    const { goal, record } = state.containers.get(containerId) as Container
    assert.ok(record.served)
    assert.equal(goal?.guest, record.served.guest)
    assert.equal(goal?.certificates, record.served.certificates)
    const another = receive(state, 3, { guest: guestWith({ placement: 2 }), certificates: [] })
    const { goal: newer } = another.containers.get(containerId) as Container
    assert.deepEqual([newer?.guest.placement, newer?.certificates], [2, []])
  })

  it('of a goal that is older than the one in hand are ignored', () => {
    const state = receive(stateIn({}), 5, { guest: guestWith({ settings: { a: '1' } }) })
    assert.equal(receive(state, 4, {}), state)
  })

  it('of a new package are served when it is on the host, and a stop does not wait for it', () => {
    const packageSha256 = 'b'.repeat(64)
    const waiting = receive(stateIn({ container: ready }), 2, { packageSha256, revision: 2 })
    assert.equal(incarnation(waiting), 1)
    const fetched = hostAgent.settle(
      waiting,
      { kind: 'fetchPackage', key: 'p', reason: '', sha256: packageSha256 },
      { kind: 'unpacked', directory: `${packageSha256}.x` },
      now,
    ).state
    assert.deepEqual(
      [incarnation(fetched), fetched.containers.get(containerId)?.record.served?.packageSha256],
      [2, packageSha256],
    )
    assert.equal(fetched.containers.get(containerId)?.record.served?.directory, `${packageSha256}.x`)
    const stopping = receive(waiting, 3, { packageSha256, revision: 3, machine: 'Stopped' })
    assert.deepEqual(
      [incarnation(stopping), stopping.containers.get(containerId)?.record.served?.machine],
      [2, 'Stopped'],
    )
  })

  it('have an incarnation that never falls, and survives a restart of the agent unchanged (H-1)', () => {
    const change = fc.record({
      machine: fc.constantFrom('Started' as const, 'Stopped' as const),
      revision: fc.nat(9),
      settings: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
    })
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let state = stateIn({ container: ready })
        for (const [index, { machine, revision, settings }] of changes.entries()) {
          const before = incarnation(state) as number
          state = receive(state, index + 2, { machine, revision, guest: guestWith({ settings }) })
          assert.ok((incarnation(state) as number) - before <= 1 && (incarnation(state) as number) >= before)
          const records = [...state.containers.values()].map(({ record }) => record)
          const again = loadedState(
            configuration,
            { goal: state.goal, records, packages: new Map([['a'.repeat(64), 'a'.repeat(64)]]) },
            () => true,
            now,
          )
          assert.equal(incarnation(again), incarnation(state))
        }
      }),
    )
  })
})

it('a package that could not be fetched is fetched again at the moment that was set for it, and not before', () => {
  const { packageSha256 } = goalWith()
  const trouble = { fault: { code: 'x', message: 'y' }, retryAt: now + 5 }
  const state = { ...stateIn({}), packages: new Map([[packageSha256, { failures: 1, trouble }]]) }
  const asked = (at: number) => {
    const { actions, wakeAt } = decide(state, packageSubject(packageSha256), at)
    return [actions.map(({ kind }) => kind), wakeAt]
  }
  assert.deepEqual(asked(now + 4), [[], now + 5])
  assert.deepEqual(asked(now + 5), [['fetchPackage'], undefined])
})

it('a package is used that an instance is to run from, now or next, or that a guest still runs from; any other is dropped', () => {
  const [next, former, old] = ['b'.repeat(64), 'c'.repeat(64), 'd'.repeat(64)]
  const base = stateIn({ goal: { prepare: { packageSha256: next } }, record: { formerSha256: former } })
  const packages = new Map([next, former, old].map((sha256) => [sha256, { failures: 0 }]))
  const does = (sha256: string) =>
    decide({ ...base, packages }, packageSubject(sha256), now).actions.map(({ kind }) => kind)
  assert.deepEqual([next, former, old].map(does), [['fetchPackage'], ['fetchPackage'], ['dropPackage']])
  const another = goalWith({ containerId: 'other', key: 'd.Other_IN_0', packageSha256: old })
  const both = { ...base, packages, goal: { ...base.goal, instances: [...base.goal.instances, another] } }
  assert.equal(decide(both, packageSubject(old), now).actions[0]?.kind, 'fetchPackage', 'one of two needs it')
  const [container] = base.containers.values()
  assert.ok(container)
  const beside = { ...container, record: { ...container.record, formerSha256: undefined } }
  const two = { ...base, packages, containers: new Map([...base.containers, ['other', beside]]) }
  assert.equal(
    decide(two, packageSubject(former), now).actions[0]?.kind,
    'fetchPackage',
    'one of two guests runs from it',
  )
  const here = { ...base, packages: new Map([[next, { directory: 'd', failures: 0 }]]) }
  assert.deepEqual(decide(here, packageSubject(next), now), { actions: [] }, 'it is here')
})

it('the end of a process says nothing of a later one with the same number, nor of another of the same moment', () => {
  const state = stateIn({ container: ready })
  const ended = (change: Partial<typeof process>) => {
    const message = { kind: 'guestEnded', containerId, process: { ...process, ...change } } as const
    return hostAgent.receive(state, message, now).state.containers.get(containerId)?.ended ?? false
  }
  assert.deepEqual([ended({}), ended({ startTime: '0' }), ended({ pid: 8 })], [true, false, false])
})

describe('what a guest has said of its next role root (design.md 9.8)', () => {
  const [b, c] = ['b'.repeat(64), 'c'.repeat(64)]
  const wants = (state: HostState, version: number, change: Partial<InstanceGoal>) =>
    hostAgent.receive(state, { kind: 'goal', goal: { version, instances: [goalWith(change)], asks: [] } }, now).state
  const says = (state: HostState, said: Partial<Health>, goalStateIncarnation = 2) => {
    const health = { containerId, instanceId: key, goalStateIncarnation, state: 'Ready' as const, ...said }
    return hostAgent.receive(state, { kind: 'health', health }, now).state
  }
  const shown = (state: HostState) => {
    const { prepared, prepareFault } = reportOf(state, state.containers.get(containerId) as Container, now)
    return prepared ?? prepareFault
  }
  /** A guest that has been told to prepare package b beside root 1; both packages are on the host. */
  function preparing(): HostState {
    const base = stateIn({ container: { heard: true } })
    const held = (directory: string) => [directory, { directory, failures: 0 }] as const
    const state = { ...base, packages: new Map<string, HeldPackage>([...base.packages, held(b), held(c)]) }
    return says(wants(state, 2, { revision: 2, prepare: { packageSha256: b } }), {})
  }

  it('is told to the controller', () => {
    assert.deepEqual([shown(preparing()), shown(says(preparing(), { prepared: b }))], [undefined, b])
    assert.equal(shown(says(preparing(), { prepareFault: 'no space' })), 'no space')
  })

  it('says nothing once the guest does not run any more', () => {
    const state = says(preparing(), { prepared: b })
    const container = state.containers.get(containerId) as Container
    const ended = { ...container, record: { ...container.record, process: undefined } }
    assert.equal(shown({ ...state, containers: new Map([[containerId, ended]]) }), undefined)
  })

  it('says nothing of the same package on the next letter: the guest has to prepare it there first', () => {
    const moved = wants(says(preparing(), { prepared: b }), 3, { revision: 3, root: 2, prepare: { packageSha256: b } })
    assert.equal(shown(moved), undefined)
    assert.equal(shown(says(moved, { prepared: b }, 3)), b)
  })

  it('says nothing of another package, however late it comes', () => {
    for (const said of [{ prepared: b }, { prepareFault: 'no space' }]) {
      const other = wants(says(preparing(), said), 3, { revision: 3, prepare: { packageSha256: c } })
      assert.equal(shown(other), undefined)
    }
    const other = wants(preparing(), 3, { revision: 3, prepare: { packageSha256: c } })
    assert.equal(shown(says(other, { prepared: b }, 2)), undefined)
  })
})

describe('a host that powers off', () => {
  it('asks at once what each guest is to do, and what there is to report', () => {
    const { state, touched } = hostAgent.receive(stateIn({ container: ready }), { kind: 'power', power: 'off' }, now)
    assert.deepEqual([...touched].toSorted(), [`container:${containerId}`, 'host'])
    assert.equal(state.power, 'off')
  })
})

describe('a guest that has stopped', () => {
  const record = { rebuild: ['e'] } as const
  const drivesMadeAnew = (situation: Situation) => {
    const state = stateIn({ ...situation, container: stopped, record })
    const [stop] = decide(state, `container:${containerId}`, now).actions
    assert.equal(stop?.kind, 'stopGuest')
    const after = hostAgent.settle(state, stop, { kind: 'done' }, now).state
    return after.containers.get(containerId)?.record.rebuild
  }

  it('on a host that powers off starts with a new guest operating system, and with all else as it was (table 3.1)', () => {
    assert.deepEqual(drivesMadeAnew({ power: 'off' }), ['d'])
    assert.deepEqual(drivesMadeAnew({ power: 'cut' }), ['d'])
  })
  it('on a host that stays on starts with what was to be made anew before', () =>
    assert.deepEqual(drivesMadeAnew({ goal: { machine: 'Stopped' } }), ['e']))
})

describe('when a host is asked again what to report', () => {
  const { heartbeatInterval, unresponsiveAfter, heartbeatRestartAfter } = timers
  const rows: readonly (readonly [
    when: string,
    lastReport: number,
    silentFor: number,
    record: Partial<ContainerRecord>,
    inMs: number,
  ])[] = [
    ['the next heartbeat of the host is due first', now - 1, 0, {}, heartbeatInterval - 1],
    ['a heartbeat is due now', now - heartbeatInterval, 0, {}, heartbeatInterval],
    ['a guest will have been silent for too long', now, unresponsiveAfter - 2, {}, 2],
    ['a guest is silent for too long just now', now, unresponsiveAfter, {}, heartbeatInterval],
    ['a guest is to be restarted for its silence', now, heartbeatRestartAfter - 2, {}, 2],
    ['a guest that does not run is silent', now, unresponsiveAfter - 2, { process: undefined }, heartbeatInterval],
  ]
  for (const [when, lastReport, silentFor, record, inMs] of rows)
    it(`${when}: in ${inMs} ms`, () => {
      const state = stateIn({ container: { ...ready, silentFrom: now - silentFor }, record })
      const reporting = { ...state.reporting, registered: true, complete: true, lastReport }
      assert.equal(decide({ ...state, reporting }, 'host', now).wakeAt, now + inMs)
    })
})

describe('reports to the controller', () => {
  const registered = (state: HostState): HostState => ({
    ...state,
    reporting: { ...state.reporting, registered: true, complete: true, lastReport: now },
  })
  const reported = (state: HostState, at = now) =>
    decide(state, 'host', at).actions.map(({ kind, key, reason }) => `${kind} ${key}: ${reason}`)

  it('begin with a registration, for which adopted guests are waited a moment', () => {
    assert.deepEqual(reported(stateIn({})), ['register register: the controller does not know this host'])
    const adopted = stateIn({ container: { adopted: true, heard: true } })
    assert.deepEqual(decide(adopted, 'host', now), { actions: [], wakeAt: now + 2 * timers.heartbeatInterval })
    assert.equal(reported(adopted, now + 2 * timers.heartbeatInterval).length, 1)
  })

  it('tell changes at once, nothing twice, and a heartbeat in between', () => {
    const state = registered(stateIn({ container: ready }))
    assert.deepEqual(reported(state), ['report report: a change'])
    const [action] = decide(state, 'host', now).actions
    const told = hostAgent.settle(state, action!, { kind: 'done' }, now).state
    assert.deepEqual(decide(told, 'host', now), { actions: [], wakeAt: now + timers.heartbeatInterval })
    assert.deepEqual(reported(told, now + timers.heartbeatInterval), ['report report: heartbeat of the host'])
    const busy = { kind: 'health', health: { ...health, state: 'NotReady', subStatus: 'BusyRole' } } as const
    assert.deepEqual(reported(hostAgent.receive(told, busy, now).state), [`report leaving:${key}: ${key} leaves Ready`])
  })

  it('do not take a role that is Ready with older documents for one that has reached the newest', () => {
    const say = (state: HostState, goalStateIncarnation: number, said: object) => {
      const message = {
        kind: 'health',
        health: { containerId, instanceId: key, goalStateIncarnation, ...said },
      } as Parameters<typeof hostAgent.receive>[1]
      return hostAgent.receive(state, message, now).state
    }
    const revisionIn = (state: HostState) => state.containers.get(containerId)?.health?.revision
    const busy = { state: 'NotReady', subStatus: 'BusyRole' }
    const before = say(stateIn({}), stateIn({}).containers.get(containerId)?.record.incarnation ?? 0, busy)
    const { incarnation, revision } = before.containers.get(containerId)?.record ?? { incarnation: 0, revision: 0 }
    const [instance] = before.goal.instances
    assert.ok(instance)
    const newer = { ...instance, revision: revision + 1, root: instance.root + 1 }
    const goal = { ...before.goal, version: before.goal.version + 1, instances: [newer] }
    const told = hostAgent.receive(before, { kind: 'goal', goal }, now).state
    const onItsWay = say(told, incarnation + 1, busy)
    assert.equal(revisionIn(onItsWay), revision + 1)
    assert.equal(revisionIn(say(onItsWay, incarnation, { state: 'Ready' })), revision)
    assert.equal(revisionIn(say(onItsWay, incarnation + 1, { state: 'Ready' })), revision + 1)
  })

  it('that are lost make the host register anew, with a complete report', () => {
    const state = registered(stateIn({ container: ready }))
    const [action] = decide(state, 'host', now).actions
    const lost = hostAgent.settle(state, action!, { kind: 'failed', fault: { code: 'x', message: 'y' } }, now).state
    assert.deepEqual(decide(lost, 'host', now), { actions: [], wakeAt: now + timers.heartbeatInterval })
    const later = now + timers.heartbeatInterval
    const [register] = decide(lost, 'host', later).actions
    const known = hostAgent.settle(lost, register!, { kind: 'done' }, later).state
    assert.deepEqual(reported(known, later), ['report report: everything, after registration'])
  })
})

describe('a guest that cannot be removed', () => {
  const going = stateIn({ goal: 'none', record: { process: undefined } })
  const { record } = going.containers.get(containerId) as Container
  const removal = { kind: 'removeGuest', key: containerId, record, reason: '' } as const
  const fault = { code: 'GuestNotRemoved', message: 'the disk is away' }

  it('is known until it can be, and says why', () => {
    const failed = hostAgent.settle(going, removal, { kind: 'failed', fault }, now).state
    const report = reportOf(failed, failed.containers.get(containerId) as Container, now)
    assert.deepEqual([report.status, report.details], ['DeletingVM', 'the disk is away'])
    const removed = hostAgent.settle(failed, removal, { kind: 'done' }, now).state
    assert.equal(removed.containers.has(containerId), false)
  })
})

/** A later version of a contract may have more fields. */
const unknownField = { novelty: 1 }

describe('a heartbeat', () => {
  const said = { goalStateIncarnation: 0, containerId, instanceId: key, state: 'Ready' } as const
  const before = hostAgent.receive(stateIn({}), { kind: 'health', health: said }, now).state
  const asks = (health: typeof said & { readonly failures?: number }, at: number) =>
    hostAgent.receive(before, { kind: 'health', health }, at).touched.length > 0

  it('that says nothing new asks nobody', () => assert.ok(!asks(said, now + 1)))
  it('with other words has the host asked what to report', () => assert.ok(asks({ ...said, failures: 1 }, now + 1)))
  it('with a field that nobody knows yet has it asked too', () =>
    assert.ok(asks({ ...said, ...unknownField }, now + 1)))
  it('after a silence has it asked too', () => assert.ok(asks(said, now + timers.unresponsiveAfter)))
})

describe('an agent of another make, which asks twice for the same documents and says nothing (wire-server.md 10.5),', () => {
  const asked = (state: HostState, taken?: number) =>
    hostAgent.receive(state, { kind: 'heartbeat', containerId, taken }, now).state
  const said = (state: Health['state'], subStatus?: string) => {
    const health = { goalStateIncarnation: 0, containerId, instanceId: key, state, subStatus }
    return hostAgent.receive(stateIn({}), { kind: 'health', health, foreign: true }, now).state
  }
  const told = (state: HostState, change: Partial<InstanceGoal>) => {
    const [instance] = state.goal.instances
    const goal = { ...state.goal, version: 2, instances: [{ ...(instance as InstanceGoal), ...change }] }
    return hostAgent.receive(state, { kind: 'goal', goal }, now).state
  }
  const containerIn = (state: HostState) => state.containers.get(containerId) as Container
  const newest = (state: HostState) => containerIn(state).record.incarnation
  const shown = (state: HostState) => {
    const { status, revision } = reportOf(state, containerIn(state), now)
    return [status, revision]
  }

  const changed = told(said('Ready'), { revision: 7, guest: guestWith({ settings: { Word: 'new' } }) })
  const unready = told(said('NotReady', 'Provisioning'), {
    revision: 7,
    guest: guestWith({ settings: { Word: 'new' } }),
  })
  const b = 'b'.repeat(64)

  it('is Ready at the newest revision if it was Ready before', () => {
    assert.deepEqual(shown(asked(changed)), ['ReadyRole', 1])
    assert.deepEqual(shown(asked(changed, newest(changed) - 1)), ['ReadyRole', 1])
    assert.deepEqual(shown(asked(changed, newest(changed))), ['ReadyRole', 7])
  })

  it('that says Ready once more changes nothing of what is stored of it', () => {
    const known = said('Ready')
    const health = { goalStateIncarnation: 0, containerId, instanceId: key, state: 'Ready' } as const
    const again = hostAgent.receive(known, { kind: 'health', health, foreign: true }, now + 1).state
    assert.equal(containerIn(again).record, containerIn(known).record)
  })

  it('is not Ready if it was not', () => assert.deepEqual(shown(asked(unready, newest(unready))), ['CreatingRole', 7]))

  it('is Ready still for a Host Agent that starts anew, and not after the guest did', () => {
    const { record } = containerIn(changed)
    const stored = { goal: changed.goal, records: [{ ...record, process }], packages: new Map() }
    const adopting = asked(loadedState(configuration, stored, () => true, now))
    assert.deepEqual(shown(adopting)[0], 'CreatingRole')
    assert.deepEqual(shown(asked(adopting, newest(adopting))), ['ReadyRole', 7])
    const stopGuest = { kind: 'stopGuest', key: containerId, record, graceMs: 0, reason: '' } as const
    const stopped = hostAgent.settle(changed, stopGuest, { kind: 'done' }, now).state
    assert.equal(containerIn(stopped).record.lastSaid, undefined)
  })

  it('has stopped what it runs where the goal is Stopped, whatever it has said', () => {
    const stopping = told(stateIn({ container: { heard: true } }), { role: 'Stopped', machine: 'Stopped' })
    assert.deepEqual(decide(stopping, containerSubject(containerId), now).actions, [])
    const [stop] = decide(asked(stopping, newest(stopping)), containerSubject(containerId), now).actions
    assert.equal(stop?.kind, 'stopGuest')
  })

  it('is asked for no role root', () => {
    const prepares = told(said('Ready'), { revision: 7, prepare: { packageSha256: b } })
    const held = { ...prepares, packages: new Map([...prepares.packages, [b, { directory: b, failures: 0 }] as const]) }
    const known = told(held, { revision: 8, prepare: { packageSha256: b } })
    assert.equal(reportOf(known, containerIn(known), now).prepared, undefined)
    const taken = asked(known, newest(known))
    assert.equal(reportOf(taken, containerIn(taken), now).prepared, b)
  })
})

describe('reports', () => {
  const report = { key, revision: 1, status: 'ReadyRole', details: '', powerState: 'Started', since: now } as const
  const said = { goalStateIncarnation: 0, containerId, instanceId: key, state: 'Ready' } as const
  const known = stateIn({ container: ready })
  const acknowledged = new Map([[key, { ...report, failures: 0 }]])
  const reporting = { ...known.reporting, registered: true, complete: true, acknowledged }
  const start: HostState = { ...known, reporting }

  /** The state after a health report, and key and number of the report that is decided on it. */
  const after = (state: HostState, change: Partial<Health>, at: number) => {
    const heard = hostAgent.receive(state, { kind: 'health', health: { ...said, ...change } }, at).state
    const action = decide(heard, 'host', at).actions.find(({ kind }) => kind === 'report')
    assert.ok(action?.kind === 'report')
    return { heard, key: action.key, number: action.report.number, action }
  }

  for (const [clock, laterMs] of [
    ['goes on', 1],
    ['is set back', -3_600_000],
  ] as const)
    it(`of one instance that are in flight together have the order in which they were decided when the clock ${clock}`, () => {
      const other = after(start, { failures: 1 }, now + 1)
      const leaves = after(other.heard, { state: 'NotReady' }, now + 1 + laterMs)
      assert.deepEqual([other.key, leaves.key], ['report', `leaving:${key}`])
      assert.ok(leaves.number > other.number)
    })

  it('tell of every field that the controller has otherwise, and of nothing when it has all', () => {
    const reportedIn = (acknowledged: HostState['reporting']['acknowledged']) =>
      decide({ ...start, reporting: { ...reporting, acknowledged, lastReport: now } }, 'host', now).actions
    const [all] = decide({ ...start, reporting: { ...reporting, complete: false } }, 'host', now).actions
    assert.ok(all?.kind === 'report')
    const known = new Map(all.report.instances.map((one) => [one.key, one]))
    assert.deepEqual(reportedIn(known), [])
    const other = new Map([...known].map(([name, one]) => [name, { ...one, ...unknownField }]))
    assert.deepEqual(
      reportedIn(other).map(({ reason }) => reason),
      ['a change'],
    )
  })

  it('name all instances after a registration, also one of which an answer came in between that says the same', () => {
    const [all] = decide({ ...start, reporting: { ...reporting, complete: false } }, 'host', now).actions
    assert.ok(all?.kind === 'report')
    for (const status of ['ReadyRole', 'BusyRole'] as const) {
      const state = stateIn({
        container: { ...ready, health: { ...health, state: status === 'BusyRole' ? 'NotReady' : 'Ready' } },
      })
      const heard = new Map(all.report.instances.map((one) => [one.key, one]))
      const after = { ...state, reporting: { ...reporting, complete: false, acknowledged: heard } }
      const { actions } = decide(after, 'host', now)
      assert.deepEqual(
        actions.map(
          (action) => action.kind === 'report' && [action.key, action.report.complete, action.report.instances.length],
        ),
        [['report', true, 1]],
      )
    }
  })

  it('of one that leaves Ready are not complete, and begin with nothing for a host that knows of nothing', () => {
    const leaves = after(start, { state: 'NotReady' }, now + 1)
    assert.deepEqual([leaves.key, leaves.action.report.complete], [`leaving:${key}`, false])
    const { registered, complete, acknowledged: told } = emptyState(configuration).reporting
    assert.deepEqual([registered, complete, told.size], [false, false, 0])
  })

  it('go on in their order when one of them was not heard, and the host registers anew', () => {
    const first = after(start, { failures: 1 }, now + 1)
    const lost = { kind: 'failed', fault: { code: 'x', message: 'y' } } as const
    const failed = hostAgent.settle(first.heard, first.action, lost, now + 2).state
    const register = { kind: 'register', key: 'register', reason: 'the test registers' } as const
    const registered = hostAgent.settle(failed, register, { kind: 'done' }, now - 60_000).state
    assert.ok(after(registered, { failures: 2 }, now - 60_000).number > first.number)
  })
})

it('a container that is set aside is news for the host’s report, and of the host itself nobody has to be asked again (F-27)', () => {
  const state = stateIn({})
  const subject = containerSubject(containerId)
  const ofContainer = hostAgent.setAside?.(state, subject, 'TypeError: x', now)
  const ofHost = hostAgent.setAside?.(state, 'host', 'TypeError: x', now)
  assert.deepEqual([ofContainer?.touched, ofHost?.touched], [['host'], []])
  assert.deepEqual([...(ofContainer?.state.thrown ?? [])], [[subject, { decision: 'TypeError: x' }]])
  assert.deepEqual(
    [ofContainer, ofHost].map((step) => (step?.state.reporting.news ?? 0) - state.reporting.news),
    [1, 0],
  )
})

it('a host that can store nothing says so in the details of its instances, until it can again (F-28)', () => {
  const told = (state: HostState, reason: string | undefined) =>
    hostAgent.receive(state, { kind: 'unstored', reason }, now)
  const detailsIn = ({ state }: ReturnType<typeof told>) =>
    reportOf(state, state.containers.get(containerId) as Container, now).details
  const full = told(stateIn({ container: ready }), 'the disk is full')
  assert.deepEqual(full.touched, ['host'])
  assert.equal(detailsIn(full), 'Its host can store nothing, and waits with what is to be done: the disk is full')
  assert.equal(detailsIn(told(full.state, undefined)), '')
})

it('an instance of which nothing can be thought is reported as it was last, or as unknown, and why (F-27)', () => {
  const known = stateIn({ container: ready })
  const container = known.containers.get(containerId) as Container
  const without = { retryAt: now } as NonNullable<Container['trouble']>
  const damaged = { ...container, trouble: without, record: { ...container.record, process: undefined } }
  const reportedAfter = (acknowledged: HostState['reporting']['acknowledged']) => {
    const reporting = { ...known.reporting, registered: true, complete: false, acknowledged }
    const state = { ...known, containers: new Map([[containerId, damaged]]), reporting }
    const [report] = decide(state, 'host', now).actions
    assert.ok(report?.kind === 'report')
    return report.report.instances.map(({ status, details }) => [status, details.replace(/: .*/, '')])
  }
  const words = 'The host agent has a defect and tries again'
  assert.deepEqual(reportedAfter(new Map()), [['RoleStateUnknown', words]])
  assert.deepEqual(reportedAfter(new Map([[key, reportOf(known, container, now)]])), [['ReadyRole', words]])
})

describe('a guest with a network and mounts of its own', () => {
  const own = { ...configuration, ownNetworks: true }
  const running = () => withContainer({ ...stateIn({ container: ready }), configuration: own }, now)
  const withContainer = (state: HostState, at: number, change: Partial<Container> = {}, record = {}) => {
    const [one] = state.containers.values()
    assert.ok(one)
    const served = refreshed(state, one, at)
    const changed = { ...served, ...change, record: { ...served.record, ...record } }
    return { ...state, containers: new Map([[containerId, changed]]) }
  }
  const reasonIn = (state: HostState, asked: HostAction['kind']) =>
    decide(state, containerSubject(containerId), now)
      .actions.filter(({ kind }) => kind === asked)
      .map(({ reason }) => reason)
  const open = openPortsOf({ guest: guestWith() })
  const rows: readonly (readonly [when: string, state: HostState, reason: string | undefined])[] = [
    ['are not known to this run of the agent', running(), 'this run of the agent does not know what is open'],
    ['are open', withContainer(running(), now, { opened: open }), undefined],
    [
      'are others by now',
      withContainer(running(), now, { opened: [] }),
      'its endpoints, or who may call them, are others now',
    ],
    ['are of a guest that does not run', withContainer(running(), now, {}, { process: undefined }), undefined],
    ['are of one that has no documents yet', withContainer(running(), now, {}, { served: undefined }), undefined],
    ['are those of the host', { ...running(), configuration }, undefined],
  ]
  for (const [when, state, reason] of rows)
    it(`with ports that ${when}: ${reason ?? 'nothing is opened'} (A-27)`, () =>
      assert.deepEqual(reasonIn(state, 'openPorts'), reason ? [reason] : []))

  const opened = { opened: open }
  const disks: readonly (readonly [when: string, state: HostState, reason: string | undefined])[] = [
    [
      'are not known to this run of the agent',
      withContainer(running(), now, opened),
      'this run of the agent does not know what disks it has',
    ],
    ['it has', withContainer(running(), now, { ...opened, disks: disksOf({ guest: guestWith() }) }), undefined],
    ['are others by now', withContainer(running(), now, { ...opened, disks: [] }), 'its local storage is another now'],
    ['nobody uses', withContainer(running(), now, opened, { process: undefined }), undefined],
    ['have no documents yet', withContainer(running(), now, opened, { served: undefined }), undefined],
    ['are those of the host', { ...running(), configuration }, undefined],
  ]
  for (const [when, state, reason] of disks)
    it(`with disks that ${when}: ${reason ?? 'none is made'} (H-26)`, () =>
      assert.deepEqual(reasonIn(state, 'makeDisks'), reason ? [reason] : []))

  const silent = { silentFrom: now - timers.heartbeatRestartAfter }
  for (const [what, known] of [
    ['ports cannot be opened', {}],
    ['disks cannot be made', opened],
  ] as const)
    it(`whose ${what}, again and again, and that says nothing is restarted all the same (H-5)`, () => {
      const state = withContainer(running(), now, { ...known, ...silent, trouble: { ...trouble, retryAt: now } })
      assert.deepEqual(reasonIn(state, 'stopGuest'), ['no heartbeat for 600 s, so the guest is restarted'])
    })
})

describe('local storage that only its guest reads', () => {
  const guest = guestWith({
    localResources: [
      { name: 'Scratch', sizeInMB: 10, cleanOnRoleRecycle: true },
      { name: 'Kept', sizeInMB: 20, cleanOnRoleRecycle: false },
      { name: 'DiagnosticStore', sizeInMB: 4096, cleanOnRoleRecycle: false },
    ],
  })
  it('is a disk, and so is TEMP; DiagnosticStore, where `reddog logs` looks, is none (H-26, S-31)', () => {
    const role = `${guest.deploymentId}.${guest.role}`
    assert.deepEqual(disksOf({ guest }), [
      { path: `Resources/temp/${role}/RoleTemp`, sizeMB: 100, isKept: false },
      { path: `Resources/Directory/${role}.Scratch`, sizeMB: 10, isKept: false },
      { path: `Resources/Directory/${role}.Kept`, sizeMB: 20, isKept: true },
    ])
  })
})

describe('the port of an endpoint', () => {
  const rows = [
    ['http', 'tcp'],
    ['https', 'tcp'],
    ['tcp', 'tcp'],
    ['udp', 'udp'],
    ['any', 'any'],
  ] as const
  for (const [protocol, opened] of rows)
    it(`of protocol ${protocol} is opened for ${opened}, and that of the probe for the host alone (A-27, A-28)`, () => {
      const endpoint = { name: 'In', kind: 'internal', protocol, port: 80, lastPort: 82, callers: ['Web'] } as const
      const [self] = guestWith().topology
      assert.ok(self)
      assert.deepEqual(openPortsOf({ guest: guestWith({ topology: [{ ...self, endpoints: [endpoint] }] }) }), [
        { protocol: opened, first: 80, last: 82, callers: ['Web'] },
        { protocol: 'tcp', first: defaultProbePort, last: defaultProbePort, callers: [] },
      ])
    })
})
