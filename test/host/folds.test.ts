/** What a Host Agent makes of each thing that it hears or has done to a guest: a row is a situation, what comes, and all that is another afterwards. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HostAction, HostOutcome } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { decide } from '../../src/host/agent/decide.ts'
import { disksOf } from '../../src/host/agent/disks-of.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import { containerSubject, type HostMessage, packageSubject } from '../../src/host/agent/message.ts'
import { openPortsOf } from '../../src/host/agent/open-ports-of.ts'
import { refreshed } from '../../src/host/agent/serve.ts'
import type { Container, ContainerRecord, HeldPackage, HostState } from '../../src/host/agent/state.ts'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { containerId, goalWith, guestWith, hostConfiguration, key } from './goals.ts'

const now = 1_000_000_000
const before = now - 7_000
const timers = timersWith([])
const process = { pid: 7, startTime: '1', bootId: 'boot' }
const [a, b, c] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]
const directoryOf = (sha256: string) => `${sha256[0]}.dir`
const fault = { code: 'x', message: 'y' }
const trouble = (retryAt: number) => ({ fault, retryAt })
const retry = (failures: number) => now + (timers.recycleDelays[failures] ?? 0)

const configuration = hostConfiguration(timers, { ownNetworks: true })

interface Situation {
  readonly goal?: Partial<InstanceGoal> | 'none'
  readonly container?: Partial<Container>
  readonly record?: Partial<ContainerRecord>
  readonly power?: HostState['power']
}

/** A host with packages a and b, and one instance whose guest runs and has been heard. What is said is otherwise. */
function stateIn({ goal = {}, container = {}, record = {}, power = 'on' }: Situation = {}): HostState {
  const whole = goalWith(goal === 'none' ? {} : goal)
  const packages = new Map([a, b].map((sha256) => [sha256, directoryOf(sha256)]))
  const stored = { goal: { version: 1, instances: [whole], asks: [] }, packages, records: [] }
  const base = loadedState(configuration, stored, () => true, before)
  const [placed] = loadedState(
    configuration,
    { ...stored, goal: { ...stored.goal, instances: [{ ...whole, deleting: false }] } },
    () => true,
    before,
  ).containers.values()
  assert.ok(placed)
  const changed: Container = {
    ...placed,
    goal: goal === 'none' ? undefined : whole,
    listening: true,
    heard: true,
    formerRevisions: undefined,
    ...container,
    record: { ...placed.record, run: '/run/x', wirePort: 8000, process, ...record },
  }
  return {
    ...base,
    goal: goal === 'none' ? { ...base.goal, instances: [] } : base.goal,
    containers: new Map([[containerId, changed]]),
    power,
  }
}

const only = ({ containers }: HostState) => containers.get(containerId) as Container
const plain = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

/** The fields that are not as before, of a container and of its record. */
function changes(from: Container, to: Container): object {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof Container>
  const differs = [...names].filter(
    (name) => name !== 'record' && JSON.stringify(from[name]) !== JSON.stringify(to[name]),
  )
  const fields = new Set([...Object.keys(from.record), ...Object.keys(to.record)]) as Set<keyof ContainerRecord>
  const ofRecord = [...fields].filter((name) => JSON.stringify(from.record[name]) !== JSON.stringify(to.record[name]))
  return plain({
    ...Object.fromEntries(differs.map((name) => [name, to[name] ?? 'none'])),
    ...Object.fromEntries(ofRecord.map((name) => [name, to.record[name] ?? 'none'])),
  })
}

const health = { goalStateIncarnation: 1, containerId, instanceId: key, state: 'Ready', revision: 1 } as const
const silent = { heard: false, silentFrom: now }

describe('a guest of which is done', () => {
  const shared = { key: containerId, reason: '' } as const
  const done: HostOutcome = { kind: 'done' }
  const failed: HostOutcome = { kind: 'failed', fault }
  const of =
    (kind: 'createGuest' | 'startGuest' | 'openPorts' | 'makeDisks' | 'removeGuest') => (record: ContainerRecord) =>
      ({ ...shared, kind, record }) as HostAction
  const listen = (record: ContainerRecord): HostAction => ({ ...shared, kind: 'listen', record, port: 0 })
  const stop = (record: ContainerRecord): HostAction => ({ ...shared, kind: 'stopGuest', record, graceMs: 0 })
  const epochs = { guest: 5, c: 6, d: 7, e: 8 }
  const rebuild = (record: ContainerRecord): HostAction => ({
    ...shared,
    kind: 'rebuildDrives',
    record,
    drives: ['d'],
    epochs,
  })
  const down = { process: undefined }
  const inTrouble = { container: { trouble: trouble(before), failures: 2 } }
  const ports = openPortsOf({ guest: guestWith() })
  const disks = disksOf({ guest: guestWith() })
  const running: Partial<Container> = { health, ended: true, adopted: true, opened: ports, disks, overfull: undefined }
  const ended = {
    process: 'none',
    ended: false,
    adopted: false,
    opened: 'none',
    disks: 'none',
    health: 'none',
    heard: false,
  }
  const rows: readonly (readonly [
    what: string,
    situation: Situation,
    action: (record: ContainerRecord) => HostAction,
    outcome: HostOutcome,
    differs: object,
  ])[] = [
    [
      'its making',
      { ...inTrouble, record: { ...down, run: undefined } },
      of('createGuest'),
      { kind: 'created', run: '/run/y' },
      { run: '/run/y', trouble: 'none', since: now },
    ],
    [
      'its making, which failed',
      { record: { ...down, run: undefined } },
      of('createGuest'),
      failed,
      { failures: 1, trouble: trouble(retry(0)), since: now },
    ],
    [
      'its making, which failed again',
      { container: { failures: 2 }, record: { ...down, run: undefined } },
      of('createGuest'),
      failed,
      { failures: 3, trouble: trouble(retry(2)), since: now },
    ],
    [
      'its start',
      { container: { ...running, failures: 2, opened: undefined, disks: undefined }, record: down },
      of('startGuest'),
      { kind: 'started', process },
      { process, ended: false, adopted: false, heard: false, health: 'none', opened: ports, disks, silentFrom: now },
    ],
    [
      'its start, which failed',
      { record: down },
      of('startGuest'),
      failed,
      { failures: 1, trouble: trouble(retry(0)), since: now },
    ],
    [
      'its drives',
      { ...inTrouble, record: { ...down, rebuild: ['d'], epochs: { guest: 0, c: 0, d: 0, e: 0 } } },
      rebuild,
      done,
      { epochs, rebuild: [], trouble: 'none', since: now },
    ],
    ['its ports', {}, of('openPorts'), done, { opened: ports }],
    ['its disks', {}, of('makeDisks'), done, { disks }],
    ['its ports, which failed', {}, of('openPorts'), failed, { failures: 1, trouble: trouble(retry(0)) }],
    [
      'its wire server',
      { container: { listening: false } },
      listen,
      { kind: 'listening', port: 9 },
      { listening: true, wirePort: 9, silentFrom: now },
    ],
    [
      'its wire server, which failed',
      { container: { listening: false } },
      listen,
      failed,
      { failures: 1, trouble: trouble(retry(0)) },
    ],
    [
      'its removal, which failed',
      { goal: 'none', record: { ...down, served: undefined } },
      of('removeGuest'),
      failed,
      { failures: 1, trouble: trouble(retry(0)) },
    ],
    [
      'its stop',
      { container: { ...running, ended: false }, record: { lastSaid: 'Ready', stoppingSince: before } },
      stop,
      done,
      { ...ended, lastSaid: 'none', stoppingSince: 'none', since: now, ended: undefined },
    ],
    ['its stop, after it had ended', { container: running }, stop, done, { ...ended }],
    [
      'its stop, after it had ended without having been heard',
      { container: { ...running, ...silent, failures: 1 } },
      stop,
      done,
      {
        ...ended,
        heard: undefined,
        failures: 2,
        since: now,
        trouble: {
          fault: {
            code: 'GuestEnded',
            message:
              'The guest ended before its first heartbeat. Its output is in WaAppAgent.out of the guest directory, that of an agent of another vendor in agent/log/agent.out there.',
          },
          retryAt: retry(1),
        },
      },
    ],
    [
      'its stop, because it held too much',
      { container: { health, overfull: { heldMB: 900, ownMB: 400 } } },
      stop,
      done,
      {
        process: 'none',
        health: 'none',
        heard: false,
        overfull: 'none',
        failures: 2,
        since: now,
        trouble: {
          fault: {
            code: 'DiskNearlyFull',
            message:
              'Stopped: the disk of the host is nearly full, and the drives of this instance hold 900 MB, of which 400 MB are its own: local storage up to its size, TEMP, logs and role roots. Local storage that is not kept over a recycle and TEMP are emptied at its start; if that does not help, rebuild the instance or give its local storage another size.',
          },
          retryAt: retry(1),
        },
      },
    ],
    [
      'its stop, because it held too much again',
      { container: { health, failures: 3, overfull: { heldMB: 900, ownMB: 400 } } },
      stop,
      done,
      { process: 'none', health: 'none', heard: false, overfull: 'none', failures: 4, since: now },
    ],
  ]
  for (const [what, situation, action, outcome, differs] of rows)
    it(what, () => {
      const from = stateIn(situation)
      const { state, touched } = hostAgent.settle(from, action(only(from).record), outcome, now)
      const found = changes(only(from), only(state)) as Record<string, unknown>
      const expected: Record<string, unknown> = plain(differs)
      if (expected['trouble'] === undefined && found['trouble'] !== undefined) delete found['trouble']
      assert.deepEqual(found, expected)
      assert.deepEqual(touched, [containerSubject(containerId), 'host'])
      assert.equal(state.reporting.news, from.reporting.news + 1)
    })

  it('when it is not there any more, nothing', () => {
    const from = { ...stateIn(), containers: new Map<string, Container>() }
    const { record } = only(stateIn())
    assert.deepEqual(hostAgent.settle(from, stop(record), done, now), { state: from, touched: [] })
  })

  it('its removal, of which the controller hears unless the instance is to be here again', () => {
    const going = stateIn({ goal: 'none', record: down })
    const after = (instances: readonly InstanceGoal[]) => {
      const from = { ...going, goal: { ...going.goal, instances } }
      const { state, touched } = hostAgent.settle(from, of('removeGuest')(only(from).record), done, now)
      assert.ok(touched.includes('host'))
      return [[...state.reporting.gone], [...state.containers.keys()]]
    }
    const other = goalWith({ containerId: 'other' })
    assert.deepEqual(after([]), [[key], []])
    assert.deepEqual(after([other]), [[], ['other']])
    assert.deepEqual(after([{ ...other, deleting: true }]), [[key], []])
    assert.deepEqual(after([{ ...other, key: 'd.Other_IN_0' }]), [[key], ['other']])
  })

  it('a package, here or not', () => {
    const fetch: HostAction = { kind: 'fetchPackage', key: 'p', reason: '', sha256: c }
    const held = (outcome: HostOutcome, known?: HeldPackage) => {
      const base = stateIn({ goal: { prepare: { packageSha256: c } } })
      const from = known ? { ...base, packages: new Map([...base.packages, [c, known]]) } : base
      const { state, touched } = hostAgent.settle(from, fetch, outcome, now)
      assert.deepEqual(touched, [a, b, c].map(packageSubject).concat(containerSubject(containerId), 'host'))
      return state.packages.get(c)
    }
    assert.deepEqual(held(failed), { failures: 1, trouble: trouble(retry(0)) })
    assert.deepEqual(held(failed, { failures: 2 }), { failures: 3, trouble: trouble(retry(2)) })
    assert.deepEqual(held({ kind: 'unpacked', directory: 'new' }, { failures: 2, trouble: trouble(now) }), {
      directory: 'new',
      failures: 0,
    })
    const drop: HostAction = { kind: 'dropPackage', key: 'p', reason: '', sha256: b }
    assert.deepEqual([...hostAgent.settle(stateIn(), drop, done, now).state.packages.keys()], [a])
  })
})

describe('a guest of which is heard', () => {
  const said = { goalStateIncarnation: 1, containerId, instanceId: key, state: 'Ready' } as const
  const heard = { silentFrom: now }
  const unheard = { heard: false, adopted: true, failures: 2, trouble: trouble(now) }
  const rows: readonly (readonly [what: string, situation: Situation, message: HostMessage, differs: object])[] = [
    [
      'its health',
      { container: unheard },
      { kind: 'health', health: said },
      {
        ...heard,
        heard: true,
        adopted: false,
        failures: 0,
        trouble: 'none',
        health: { ...said, revision: 1 },
        since: now,
      },
    ],
    [
      'its health under older documents',
      { record: { incarnation: 4 } },
      { kind: 'health', health: said },
      { ...heard, health: { ...said, revision: 0 }, since: now },
    ],
    [
      'its health under documents of which the revision is known',
      { record: { incarnation: 4, revision: 9 }, container: { formerRevisions: { 1: 5, 4: 8 } } },
      { kind: 'health', health: said },
      { ...heard, health: { ...said, revision: 5 }, since: now, revision: 1 },
    ],
    [
      'that of an agent of another make',
      {},
      { kind: 'health', health: said, foreign: true },
      { ...heard, health: { ...said, revision: 1 }, lastSaid: 'Ready', since: now },
    ],
    [
      'that of an agent of another make which is not Ready',
      { record: { lastSaid: 'Ready' } },
      { kind: 'health', health: { ...said, state: 'NotReady' }, foreign: true },
      { ...heard, health: { ...said, state: 'NotReady', revision: 1 }, lastSaid: 'NotReady', since: now },
    ],
    [
      'a heartbeat',
      { container: { ...unheard, health } },
      { kind: 'heartbeat', containerId },
      { ...heard, heard: true, adopted: false, failures: 0, trouble: 'none', since: now },
    ],
    ['that its process has ended', {}, { kind: 'guestEnded', containerId, process }, { ended: true, since: now }],
    ['that another process has ended', {}, { kind: 'guestEnded', containerId, process: { ...process, pid: 8 } }, {}],
    [
      'that it holds too much',
      {},
      { kind: 'overfull', containerId, heldMB: 3, ownMB: 2 },
      { overfull: { heldMB: 3, ownMB: 2 } },
    ],
    [
      'that it holds too much, when it does not run',
      { record: { process: undefined } },
      { kind: 'overfull', containerId, heldMB: 3, ownMB: 2 },
      {},
    ],
  ]
  for (const [what, situation, message, differs] of rows)
    it(what, () => {
      const from = stateIn(situation)
      const { state, touched } = hostAgent.receive(from, message, now)
      const found = changes(only(from), only(state)) as Record<string, unknown>
      // Whether the status is another one is what status rows say.
      const { since: _since, ...rest } = found
      const { since: _expected, revision: _revision, ...expected } = differs as Record<string, unknown>
      const { revision: _found, ...compared } = rest
      assert.deepEqual(compared, expected)
      assert.deepEqual(touched, Object.keys(rest).length > 0 ? [containerSubject(containerId), 'host'] : [])
    })

  it('nothing, of a guest that is not here', () => {
    const from = { ...stateIn(), containers: new Map<string, Container>() }
    for (const message of [
      { kind: 'heartbeat', containerId },
      { kind: 'health', health: said },
    ] as const)
      assert.deepEqual(hostAgent.receive(from, message, now), { state: from, touched: [] })
  })

  it('and who is set aside when that throws (F-27)', () => {
    const about = (message: HostMessage) => hostAgent.about?.(message)
    assert.equal(about({ kind: 'health', health: said }), containerSubject(containerId))
    assert.equal(about({ kind: 'heartbeat', containerId }), containerSubject(containerId))
    assert.equal(about({ kind: 'power', power: 'off' }), 'host')
    assert.equal(about({ kind: 'goal', goal: { version: 1, instances: [], asks: [] } }), 'host')
  })
})

describe('the documents of a guest', () => {
  const served = (situation: Situation, packages = stateIn().packages) => {
    const state = { ...stateIn(situation), packages }
    const from = only(state)
    return { from, to: refreshed(state, from, now) }
  }
  const current = only(stateIn()).record.served
  assert.ok(current)
  const machineKey = { sealed: 'new', purpose: 'p' }
  const withPackage = (sha256: string) => new Map([[sha256, { directory: directoryOf(sha256), failures: 0 }]])
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    packages: HostState['packages'] | undefined,
    differs: object,
  ])[] = [
    ['that is as before', {}, undefined, {}],
    [
      'of a newer revision that says the same',
      { goal: { revision: 4 }, record: { revision: 1 }, container: { health } },
      undefined,
      { revision: 4, health: { ...health, revision: 4 } },
    ],
    [
      'of a newer revision that says the same, for a guest that lags behind',
      { goal: { revision: 4 }, record: { revision: 1, incarnation: 3 }, container: { health } },
      undefined,
      { revision: 4 },
    ],
    [
      'with another setting',
      {
        goal: { revision: 4, guest: guestWith({ settings: { A: '1' } }) },
        record: { served: current, revision: 1, incarnation: 1 },
      },
      undefined,
      {
        revision: 4,
        incarnation: 2,
        served: { ...current, guest: guestWith({ settings: { A: '1' } }) },
        formerRevisions: { 1: 1 },
      },
    ],
    [
      'that is to stop',
      { goal: { machine: 'Stopped' }, record: { served: current, incarnation: 1 } },
      undefined,
      {
        incarnation: 2,
        served: { ...current, machine: 'Stopped', role: 'Stopped' },
        stoppingSince: now,
        formerRevisions: { 1: 1 },
      },
    ],
    [
      'that is to stop already: its time counts from when it was first told to (H-27)',
      {
        goal: { machine: 'Stopped', revision: 4 },
        record: { served: { ...current, machine: 'Stopped', role: 'Stopped' }, revision: 1, stoppingSince: before },
      },
      undefined,
      { revision: 4 },
    ],
    [
      'that does not run and is to stop',
      { goal: { machine: 'Stopped' }, record: { served: current, incarnation: 1, process: undefined } },
      undefined,
      { incarnation: 2, served: { ...current, machine: 'Stopped', role: 'Stopped' }, formerRevisions: { 1: 1 } },
    ],
    [
      'whose role is to stop alone',
      { goal: { role: 'Stopped' }, record: { served: current, incarnation: 1 } },
      undefined,
      { incarnation: 2, served: { ...current, role: 'Stopped' }, formerRevisions: { 1: 1 } },
    ],
    [
      'that was to stop and is not any more',
      {
        container: { stopCountsFrom: now },
        record: { served: { ...current, machine: 'Stopped', role: 'Stopped' }, incarnation: 1, stoppingSince: before },
      },
      undefined,
      {
        incarnation: 2,
        served: current,
        stoppingSince: 'none',
        stopCountsFrom: 'none',
        formerRevisions: { 1: 1 },
      },
    ],
    [
      'of a package that is on its way',
      { goal: { packageSha256: c, revision: 4, root: 2 }, record: { served: current, incarnation: 1, revision: 1 } },
      undefined,
      {},
    ],
    [
      'of a package that has come, for the other root',
      {
        goal: { packageSha256: b, revision: 4, root: 2, keepFormerRoot: true },
        record: { served: current, incarnation: 1, revision: 1 },
        container: { health: { ...health, prepared: b } },
      },
      undefined,
      {
        revision: 4,
        incarnation: 2,
        served: { ...current, packageSha256: b, directory: directoryOf(b), root: 2, keepFormerRoot: true },
        formerSha256: a,
        formerRevisions: { 1: 1 },
        health,
      },
    ],
    [
      'whose former root is still kept',
      { goal: { keepFormerRoot: true }, record: { served: { ...current, keepFormerRoot: true }, formerSha256: c } },
      undefined,
      {},
    ],
    [
      'whose former root is not kept any more',
      { record: { served: { ...current, keepFormerRoot: true }, incarnation: 1, formerSha256: c } },
      undefined,
      { incarnation: 2, served: current, formerSha256: 'none', formerRevisions: { 1: 1 } },
    ],
    [
      'that gets a machine key (I-14)',
      { goal: { machineKey }, record: { served: current, incarnation: 1 } },
      undefined,
      { incarnation: 2, served: { ...current, machineKey }, formerRevisions: { 1: 1 } },
    ],
    [
      'whose machine key is sealed anew (I-14)',
      { goal: { machineKey }, record: { served: { ...current, machineKey: { ...machineKey, sealed: 'old' } } } },
      undefined,
      {},
    ],
    [
      'that is to prepare a package which is here',
      { goal: { prepare: { packageSha256: b } }, record: { served: current, incarnation: 1 } },
      undefined,
      {
        incarnation: 2,
        served: { ...current, prepare: { packageSha256: b, directory: directoryOf(b) } },
        formerRevisions: { 1: 1 },
      },
    ],
    [
      'that is to prepare a package which is on its way',
      { goal: { prepare: { packageSha256: c } }, record: { served: current } },
      undefined,
      {},
    ],
    ['whose package has gone from the host', { record: { served: current, incarnation: 1 } }, withPackage(b), {}],
    [
      'that has none, because its package is not here',
      { record: { served: undefined, incarnation: 0 } },
      withPackage(b),
      {},
    ],
  ]
  for (const [when, situation, packages, differs] of rows)
    it(when, () => {
      const { from, to } = served(situation, packages)
      assert.deepEqual(changes(from, to), plain(differs))
    })

  it('stay as they are when the key of a certificate is sealed anew', () => {
    const withKey = (sealed: string) => [{ thumbprint: 'A', data: 'd', key: { sealed, purpose: 'p' } }]
    const { from, to } = served({
      goal: { revision: 4, certificates: withKey('new') },
      record: { served: { ...current, certificates: withKey('old') }, revision: 1, incarnation: 1 },
    })
    assert.deepEqual(changes(from, to), { revision: 4 })
  })

  it('are others when the key of a certificate comes later (K-1)', () => {
    const certificate = { thumbprint: 'A', data: 'd' }
    const { from, to } = served({
      goal: { certificates: [{ ...certificate, key: { sealed: 's', purpose: 'p' } }] },
      record: { served: { ...current, certificates: [certificate] } },
    })
    assert.equal(to.record.incarnation, from.record.incarnation + 1)
  })

  it('keep the former root as the goal says, also while its package is on the way (design.md 9.8)', () => {
    for (const keepFormerRoot of [true, false]) {
      const { to } = served({
        goal: { packageSha256: c, keepFormerRoot },
        record: { served: { ...current, keepFormerRoot: !keepFormerRoot } },
      })
      assert.equal(to.record.served?.keepFormerRoot, keepFormerRoot)
    }
  })

  it('have the role stop, also while the package of the goal is on its way', () => {
    const { to } = served({ goal: { packageSha256: c, role: 'Stopped' }, record: { served: current } })
    assert.deepEqual(
      [to.record.served?.role, to.record.served?.machine, to.record.served?.packageSha256],
      ['Stopped', 'Started', a],
    )
  })

  it('remember the revisions of the last sixteen incarnations', () => {
    const formerRevisions = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [at + 1, at + 101]))
    const { to } = served({
      goal: { role: 'Stopped' },
      record: { served: current, incarnation: 17, revision: 1 },
      container: { formerRevisions },
    })
    const { 1: _oldest, ...others } = formerRevisions
    assert.deepEqual(to.formerRevisions, { ...others, 17: 1 })
  })
})

describe('a Host Agent that starts', () => {
  const { record } = only(stateIn())
  const start = (change: Partial<ContainerRecord>, alive: boolean) => {
    const packages = new Map([a, b].map((sha256) => [sha256, directoryOf(sha256)]))
    const stored = {
      goal: {
        version: 3,
        instances: [goalWith()],
        asks: [{ id: '1', kind: 'log', key, log: 'l', offset: 0 } as const],
      },
      packages,
      records: [{ ...record, ...change }],
    }
    return loadedState(configuration, stored, () => alive, now)
  }
  const standing = (state: HostState) => {
    const { ended, adopted, heard, record: found } = only(state)
    return [ended, adopted, heard, found.process !== undefined, found.rebuild]
  }
  it('adopts a guest that lives, has one cleared that does not, and after a power cycle has D: made anew', () => {
    assert.deepEqual(standing(start({}, true)), [false, true, true, true, []])
    assert.deepEqual(standing(start({}, false)), [true, false, true, true, []])
    assert.deepEqual(standing(start({ process: { ...process, bootId: 'old' }, stoppingSince: before }, false)), [
      false,
      false,
      true,
      false,
      ['d'],
    ])
    assert.deepEqual(standing(start({ process: undefined }, false)), [false, false, false, false, []])
  })

  it('is unsure of a guest that was made and of which it has no process, until that has been stopped', () => {
    const started = [{}, { process: undefined }, { process: undefined, run: undefined }].map((change) =>
      start(change, true),
    )
    assert.deepEqual(
      started.map((state) => only(state).unsure),
      [false, true, false],
    )
    const [, unsure] = started as [HostState, HostState]
    const stop = { kind: 'stopGuest', key: containerId, record: only(unsure).record, graceMs: 0, reason: '' } as const
    assert.equal(only(hostAgent.settle(unsure, stop, { kind: 'done' }, now).state).unsure, undefined)
  })

  it('knows of no question, for it is asked again, and of every moment from now on', () => {
    const state = start({}, true)
    assert.deepEqual([state.goal.version, state.goal.asks], [3, []])
    assert.deepEqual([only(state).silentFrom, only(state).since, only(state).failures], [now, now, 0])
  })
})

describe('what a Host Agent does for a guest', () => {
  const lines = (situation: Situation, at = now) => {
    const state = stateIn(situation)
    const guest = guestWith()
    const { opened = openPortsOf({ guest }), disks = disksOf({ guest }) } = situation.container ?? {}
    const whole = { ...state, containers: new Map([[containerId, { ...only(state), opened, disks }]]) }
    return decide(whole, containerSubject(containerId), at).actions.map((action) => ({
      ...action,
      record: undefined,
      reason: undefined,
      key: undefined,
    }))
  }
  const down = { process: undefined }
  const rows: readonly (readonly [when: string, situation: Situation, does: readonly object[]])[] = [
    ['that has no wire server, at its port', { container: { listening: false } }, [{ kind: 'listen', port: 8000 }]],
    [
      'that never had one',
      { container: { listening: false }, record: { wirePort: undefined } },
      [{ kind: 'listen', port: 0 }],
    ],
    [
      'whose port somebody else has taken',
      {
        container: { listening: false, trouble: { fault: { code: 'PortInUse', message: '' }, retryAt: before } },
        record: down,
      },
      [{ kind: 'listen', port: 0 }],
    ],
    [
      'whose port somebody else has taken while it runs',
      { container: { listening: false, trouble: { fault: { code: 'PortInUse', message: '' }, retryAt: before } } },
      [{ kind: 'listen', port: 8000 }],
    ],
    [
      'that does not run and is not to',
      { goal: { machine: 'Stopped' }, container: { listening: false }, record: down },
      [],
    ],
    ['that has ended, at once', { container: { ended: true } }, [{ kind: 'stopGuest', graceMs: 0 }]],
    [
      'that goes and never spoke, with some grace',
      { goal: 'none', container: { heard: false } },
      [{ kind: 'stopGuest', graceMs: timers.heartbeatInterval }],
    ],
    ['that is cut off, at once', { power: 'cut' }, [{ kind: 'stopGuest', graceMs: 0 }]],
    [
      'that is silent, at once',
      { container: { silentFrom: now - timers.heartbeatRestartAfter } },
      [{ kind: 'stopGuest', graceMs: 0 }],
    ],
    [
      'whose epochs have grown, of all drives',
      {
        goal: { epochs: { guest: 1, c: 1, d: 1, e: 1 } },
        record: { ...down, epochs: { guest: 0, c: 0, d: 0, e: 0 }, rebuild: ['d'] },
      },
      [{ kind: 'rebuildDrives', drives: ['d', 'c', 'e', 'f'], epochs: { guest: 1, c: 1, d: 1, e: 1 } }],
    ],
  ]
  for (const [when, situation, does] of rows) it(when, () => assert.deepEqual(plain(lines(situation)), does))

  it('answers each question of the fabric once, with the guest that it is about', () => {
    const asks = ['1', '2'].map(
      (id) => ({ id, kind: 'log', key: id === '1' ? key : 'other', log: 'l', offset: 0 }) as const,
    )
    const base = stateIn()
    const reporting = { ...base.reporting, registered: true, complete: true, lastReport: now }
    const state = { ...base, reporting, goal: { ...base.goal, asks } }
    const answers = (from: HostState) =>
      decide(from, 'host', now).actions.flatMap((action) =>
        action.kind === 'answer' ? [[action.key, action.reason, action.record?.key]] : [],
      )
    assert.deepEqual(answers(state), [
      ['ask:1', `the fabric asks for the log l of ${key}`, key],
      ['ask:2', 'the fabric asks for the log l of other', undefined],
    ])
    const [ask] = asks
    assert.ok(ask)
    const answered = hostAgent.settle(
      state,
      { kind: 'answer', key: 'ask:1', reason: '', ask, record: undefined },
      { kind: 'done' },
      now,
    ).state
    assert.deepEqual(
      answers(answered).map(([name]) => name),
      ['ask:2'],
    )
    const [, other] = asks
    assert.ok(other)
    const both = hostAgent.settle(
      answered,
      { kind: 'answer', key: 'ask:2', reason: '', ask: other, record: undefined },
      { kind: 'done' },
      now,
    ).state
    assert.deepEqual(answers(both), [])
    const asked = (ids: readonly string[]) =>
      hostAgent.receive(
        answered,
        { kind: 'goal', goal: { ...state.goal, asks: asks.filter(({ id }) => ids.includes(id)) } },
        now,
      ).state.answered
    assert.deepEqual([asked(['1', '2']), asked(['2'])], [['1'], []])
  })

  it('as far away as before, after a time in which it could not hear (H-37)', () => {
    const from = stateIn({ container: { trouble: trouble(now) }, record: { stoppingSince: before } })
    const reporting = { ...from.reporting, registerAt: now, lastReport: before }
    const packages = new Map([
      [a, { failures: 1, trouble: trouble(now) }],
      [b, { directory: 'b', failures: 0 }],
    ])
    const roads = { ...from.roads, retryAt: now }
    const step = hostAgent.lapsed?.({ ...from, reporting, packages, roads }, 5, now)
    assert.ok(step)
    assert.deepEqual(changes(only(from), only(step.state)), {
      silentFrom: before + 5,
      trouble: trouble(now + 5),
      stopCountsFrom: before + 5,
    })
    assert.deepEqual(
      [...step.state.packages.values()],
      [
        { failures: 1, trouble: trouble(now + 5) },
        { directory: 'b', failures: 0 },
      ],
    )
    const { reporting: moved, roads: later } = step.state
    assert.deepEqual([moved.registerAt, moved.lastReport, later.retryAt], [now + 5, before + 5, now + 5])
    assert.deepEqual(step.touched, [
      'host',
      'roads',
      packageSubject(a),
      packageSubject(b),
      containerSubject(containerId),
    ])
  })

  it('again and again, and writes nothing anew: on a full disk it could not even report (F-28, H-37)', () => {
    const from = stateIn({ record: { stoppingSince: before } })
    const once = hostAgent.lapsed?.(from, 5, now)
    const twice = once && hostAgent.lapsed?.(once.state, 7, now)
    assert.ok(twice)
    assert.equal(only(twice.state).stopCountsFrom, before + 12)
    assert.equal(only(twice.state).record, only(from).record)
  })
})

describe('a goal', () => {
  const goal = (instances: readonly InstanceGoal[], more: object = {}) =>
    ({ kind: 'goal', goal: { version: 2, instances, asks: [], ...more } }) as const
  const other = goalWith({ containerId: 'other', key: 'd.Other_IN_0' })
  const held = (state: HostState) =>
    [...state.containers].map(([id, { record, goal: wanted }]) => [id, record.number, record.uid, wanted !== undefined])
  const { firstUid = 0 } = configuration

  it('makes a container for each new instance, with the lowest number that is free', () => {
    const both = hostAgent.receive(stateIn(), goal([goalWith(), other]), now)
    assert.deepEqual(held(both.state), [
      [containerId, 0, firstUid, true],
      ['other', 1, firstUid + 1, true],
    ])
    assert.deepEqual(both.touched, [
      packageSubject(a),
      packageSubject(b),
      containerSubject(containerId),
      containerSubject('other'),
      'host',
      'roads',
    ])
    const third = goalWith({ containerId: 'third', key: 'd.Third_IN_0' })
    const [, second] = both.state.containers.values()
    assert.ok(second)
    const left = { ...both.state, containers: new Map([['other', second]]) }
    assert.deepEqual(held(hostAgent.receive(left, goal([other, third]), now).state), [
      ['other', 1, firstUid + 1, true],
      ['third', 0, firstUid, true],
    ])
  })

  it('of a deployment that goes asks for no package of it', () => {
    const goes = hostAgent.receive(stateIn(), goal([goalWith({ packageSha256: c, deleting: true })]), now).state
    assert.deepEqual([...goes.packages.keys()], [a, b])
  })

  it('has each package that it names on its way, and lets be what is here', () => {
    const { packages } = hostAgent.receive(stateIn(), goal([goalWith({ prepare: { packageSha256: c } })]), now).state
    assert.deepEqual(
      [...packages].map(([sha256, { directory, failures }]) => [sha256, directory, failures]),
      [
        [a, directoryOf(a), 0],
        [b, directoryOf(b), 0],
        [c, undefined, 0],
      ],
    )
  })

  it('waits with an instance whose former container is here, and knows none that goes before it came', () => {
    const again = goalWith({ containerId: 'again' })
    assert.deepEqual(held(hostAgent.receive(stateIn(), goal([again]), now).state), [[containerId, 0, firstUid, false]])
    const goes = hostAgent.receive(
      stateIn(),
      goal([goalWith(), { ...other, deleting: true }, { ...again, deleting: true }]),
      now,
    ).state
    assert.deepEqual([held(goes).length, [...goes.reporting.gone]], [1, ['d.Other_IN_0']])
  })

  it('holds for whom nothing can be said now as it was (F-27)', () => {
    const untold = hostAgent.receive(stateIn(), goal([], { untold: [containerId] }), now).state
    assert.deepEqual([held(untold), untold.goal.instances.length], [[[containerId, 0, firstUid, true]], 1])
    const beside = hostAgent.receive(stateIn(), goal([other], { untold: [containerId] }), now).state
    assert.deepEqual(
      beside.goal.instances.map((one) => one.containerId),
      ['other', containerId],
    )
    const gone = hostAgent.receive(stateIn(), goal([], { untold: ['other'] }), now).state
    assert.deepEqual([held(gone), gone.goal.instances.length], [[[containerId, 0, firstUid, false]], 0])
  })

  it('of a fabric that was restored has no epochs that are ahead of it (A-32)', () => {
    const applied = (record: ContainerRecord['epochs'], wanted: InstanceGoal['epochs']) =>
      only(hostAgent.receive(stateIn({ record: { epochs: record } }), goal([goalWith({ epochs: wanted })]), now).state)
        .record.epochs
    const all = (guest: number, c: number, d: number, e: number) => ({ guest, c, d, e })
    assert.deepEqual(applied(all(2, 2, 2, 2), all(2, 2, 2, 2)), all(2, 2, 2, 2))
    assert.deepEqual(applied(all(1, 1, 1, 1), all(2, 2, 2, 2)), all(1, 1, 1, 1))
    for (const ahead of [all(3, 1, 1, 1), all(1, 3, 1, 1), all(1, 1, 3, 1), all(1, 1, 1, 3)])
      assert.deepEqual(
        applied(ahead, all(2, 2, 2, 2)),
        all(Math.min(2, ahead.guest), Math.min(2, ahead.c), Math.min(2, ahead.d), Math.min(2, ahead.e)),
      )
  })
})
