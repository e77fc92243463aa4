/** What the guest agent decides, as tables: a situation and its actions, or the status that it shows. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BootstrapperReport } from '../../src/guest/bootstrapper/protocol.ts'
import { writeFullConfig } from '../../src/guest/contract/full-config.ts'
import { writeGoalState } from '../../src/guest/contract/goal-state.ts'
import { guestAgent } from '../../src/guest/guest-agent/agent.ts'
import type { GuestFacilities } from '../../src/guest/guest-agent/facilities.ts'
import { healthOf } from '../../src/guest/guest-agent/health.ts'
import { readGoal } from '../../src/guest/guest-agent/read-goal.ts'
import { emptyMemory, firstState, type Goal, type GuestAgentState, runsFor } from '../../src/guest/guest-agent/state.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { goal } from './goals.ts'

const at = 1_000_000

const prepared = {
  incarnation: 1,
  environment: { number: 1, path: '/c/Config/e', text: '' },
} as const

const busy: BootstrapperReport = {
  status: 'Busy',
  phase: 'Waiting for role to start',
  activity: 'Application startup tasks are running',
  since: at,
  acceptedIncarnation: 1,
}
const ready: BootstrapperReport = { ...busy, status: 'Ready', activity: '' }

function state(change: Partial<GuestAgentState> = {}): GuestAgentState {
  const fresh = firstState(emptyMemory(at), timerDefaults, 'agent')
  const drives = { E: { number: 1, softwareSha256: 'a' }, F: undefined }
  return {
    ...fresh,
    latest: 1,
    goal: goal(),
    prepared,
    drives,
    countedRoot: 1,
    measuredAt: at,
    heartbeatAt: at + 1_000,
    ...change,
  }
}

/** A guest whose stack says this, and whose host has heard it. */
function up(report: BootstrapperReport, change: Partial<GuestAgentState> = {}): GuestAgentState {
  const readySince = report.status === 'Ready' ? at : undefined
  return state({ stack: { kind: 'up', since: at, runs: runsFor(goal()), report, told: 1 }, readySince, ...change })
}

function actionsOf(situation: GuestAgentState, now = at): readonly string[] {
  const heard = { ...situation, reported: JSON.stringify(healthOf(situation, now)) }
  return guestAgent.decide(heard, 'guest', now).actions.map(({ kind }) => kind)
}

/** How long what has failed waits before it is tried again: heartbeats and measures are far away. */
function delayOf(situation: GuestAgentState, now: number): number {
  const later = { ...situation, heartbeatAt: now + 86_400_000, measuredAt: now + 86_400_000 }
  const heard = { ...later, reported: JSON.stringify(healthOf(later, now)) }
  const { actions, wakeAt } = guestAgent.decide(heard, 'guest', now)
  return actions.length > 0 ? 0 : (wakeAt ?? Number.POSITIVE_INFINITY) - now
}

describe('the guest agent decides', () => {
  const rows: readonly (readonly [situation: string, state: GuestAgentState, actions: readonly string[]])[] = [
    ['nothing known', state({ goal: undefined, latest: 0, prepared: undefined }), ['fetchGoal']],
    ['a newer incarnation heard of', up(ready, { latest: 2, heartbeatAt: at }), ['fetchGoal']],
    ['a goal, nothing set up', state({ prepared: undefined }), ['prepare']],
    ['set up, nothing runs', state(), ['start']],
    ['Ready, a heartbeat due', up(ready, { heartbeatAt: at }), ['heartbeat']],
    ['Ready, nothing due', up(ready), []],
    ['a goal of Stopped, nothing runs', state({ goal: goal({ role: 'Stopped' }) }), []],
    [
      'a new setting set up',
      up(ready, { goal: goal({ incarnation: 2 }), latest: 2, prepared: { ...prepared, incarnation: 2 } }),
      ['tell'],
    ],
    [
      'another agent wanted, the role down',
      state({ goal: goal({ agentPackage: { path: '/p', incarnation: 'next' } }) }),
      ['replaceAgent'],
    ],
    [
      'a crash that waits for its delay',
      state({ failures: 2, stack: { kind: 'down', since: at, restart: false, retryAt: at + 2_000 } }),
      [],
    ],
    ['local storage not measured for long', up(ready, { measuredAt: at - 10_000 }), ['measure']],
  ]
  for (const [situation, given, actions] of rows)
    it(`${situation} → ${actions.join(', ') || 'nothing'}`, () => assert.deepEqual(actionsOf(given), actions))

  const late = {
    kind: 'stopping',
    since: at,
    runs: runsFor(goal()),
    why: 'goal',
    deadline: at - 60_000,
    told: true,
  } as const
  for (const [what, given] of [
    ['a kill', state({ stack: late, goal: goal({ role: 'Stopped' }) })],
    ['a clearing', up(ready, { drives: { E: { number: 1, softwareSha256: 'a' }, F: 'leftover' } })],
    ['a change of the agent', state({ goal: goal({ agentPackage: { path: '/p', incarnation: 'next' } }) })],
  ] as const)
    it(`${what} that does not work at once is tried again a second later, not all the time`, () => {
      const heard = { ...given, reported: JSON.stringify(healthOf(given, at)) }
      const [action] = guestAgent.decide(heard, 'guest', at).actions
      assert.ok(action)
      const { state: after } = guestAgent.settle(heard, action, { kind: 'failed', message: 'It is busy.' }, at)
      assert.equal(delayOf(after, at), 1_000)
      assert.deepEqual(actionsOf({ ...after, heartbeatAt: at + 86_400_000 }, at + 1_000), [action.kind])
    })

  it('a role in rotation leaves it before it is told to stop; the answer lets the stop go on (H-27)', () => {
    const wanted = up(ready, { goal: goal({ incarnation: 2, role: 'Stopped' }), latest: 2 })
    const { state: leaving } = guestAgent.receive(wanted, { kind: 'report', report: ready }, at)
    assert.equal(leaving.stack.kind, 'leaving')
    const [action, ...more] = guestAgent.decide(leaving, 'guest', at).actions
    assert.ok(action?.kind === 'reportChange' && more.length === 0)
    assert.equal(action.health.subStatus, 'StoppingRole')
    const { state: stopping } = guestAgent.settle(leaving, action, { kind: 'answered', latest: 2, begun: at }, at + 5)
    assert.equal(stopping.stack.kind, 'stopping')
    assert.deepEqual(actionsOf(stopping, at + 5), ['tell'])
  })

  it('a role that is Busy leaves rotation too, as long as its host has not answered that it is out (wire-server.md 7)', () => {
    const busy: BootstrapperReport = { ...ready, status: 'Busy' }
    const wanted = up(busy, { goal: goal({ incarnation: 2, role: 'Stopped' }), latest: 2 })
    const told = (answered: boolean) =>
      guestAgent.receive({ ...wanted, inRotation: !answered }, { kind: 'report', report: busy }, at).state.stack.kind
    assert.deepEqual([told(false), told(true)], ['leaving', 'stopping'])
    const action = { kind: 'reportChange', key: 'change', reason: '', health: healthOf(wanted, at) } as const
    assert.ok(action.health)
    const report = { ...action, health: action.health }
    const { state: after } = guestAgent.settle(wanted, report, { kind: 'answered', latest: 2, begun: at }, at)
    assert.deepEqual([after.inRotation, after.stack.kind], [false, 'stopping'])
  })

  it('has just begun, when the role wants to be recycled: it asks for its goal first, and stops at once when nobody answers (wire-server.md 7)', () => {
    const recycle = { reason: 'The program ended with exit code 0.', returned: true }
    const fresh = up(ready, { goal: undefined, inRotation: true })
    const { state: asking } = guestAgent.receive(fresh, { kind: 'report', report: { ...busy, recycle } }, at)
    const [fetch] = guestAgent.decide(asking, 'guest', at).actions
    assert.ok(fetch?.kind === 'fetchGoal')
    const after = (outcome: Parameters<typeof guestAgent.settle>[2]) =>
      guestAgent.settle(asking, fetch, outcome, at).state.stack.kind
    assert.deepEqual(
      [asking.stack.kind, after({ kind: 'fetched', goal: goal() }), after({ kind: 'failed', message: 'away' })],
      ['up', 'leaving', 'stopping'],
    )
  })

  it('a role whose Run returns while its new root is not there yet stops, waits for that root, and counts no failure (H-31, design.md 9.8)', () => {
    const { configuration } = goal()
    const wanted = goal({ incarnation: 2, configuration: { ...configuration, root: 2, softwareSha256: 'b' } })
    const waiting = up(ready, { goal: wanted, latest: 2, prepared: { ...prepared, incarnation: 2 } })
    const returned = { ...ready, recycle: { reason: 'Run returned.', returned: true } }
    const { state: leaving } = guestAgent.receive(waiting, { kind: 'report', report: returned }, at)
    const health = healthOf(leaving, at)
    assert.equal(health?.subStatus, 'RestartingRole')
    assert.match(health?.description ?? '', /^Restarting role\.\.\. Run has returned\./)
    const [action] = guestAgent.decide(leaving, 'guest', at).actions
    assert.ok(action?.kind === 'reportChange')
    const { state: stopping } = guestAgent.settle(leaving, action, { kind: 'answered', latest: 2, begun: at }, at)
    const exit = { why: 'stopped', code: 0, at, activity: 'Run has returned' } as const
    const ended = guestAgent.receive(stopping, { kind: 'ended', exit }, at).state
    assert.deepEqual([ended.stack.kind, ended.failures, actionsOf(ended)], ['down', 0, ['unpack']])
  })

  it('a role that stops for its new root is Starting afterwards, not Restarting: it was not asked to be the same again (T-3)', () => {
    const stops = (why: 'root' | 'recycle') =>
      state({ stack: { kind: 'stopping', since: at, runs: runsFor(goal()), why, deadline: at + 1, told: true } })
    const exit = { why: 'stopped', code: 0, at, activity: '' } as const
    const after = (why: 'root' | 'recycle') =>
      healthOf(guestAgent.receive(stops(why), { kind: 'ended', exit }, at).state, at)?.subStatus
    assert.deepEqual([after('root'), after('recycle')], ['StartingRole', 'RestartingRole'])
  })

  it('a start or a preparation that fails is told, and tried again: at once, then after delays that grow (H-13)', () => {
    for (const [given, kind] of [
      [state(), 'start'],
      [state({ prepared: undefined }), 'prepare'],
    ] as const) {
      const waits: number[] = []
      let failing = given
      let now = at
      for (let time = 0; time < 3; time++) {
        const [action] = guestAgent.decide(failing, 'guest', now).actions.filter((one) => one.kind !== 'reportChange')
        assert.equal(action?.kind, time === 0 ? kind : 'prepare')
        failing = guestAgent.settle(failing, action, { kind: 'failed', message: 'no space' }, now).state
        assert.match(healthOf(failing, now)?.description ?? '', /no space/)
        const wait = delayOf(failing, now)
        waits.push(wait)
        now += wait
      }
      const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = waits
      assert.ok(first === 0 && first < second && second < third && third < 3_600_000, waits.join())
    }
  })

  it('a goal older than the one in hand is ignored', () => {
    const newer = state({ goal: goal({ incarnation: 5 }), latest: 5 })
    const fetch = { kind: 'fetchGoal', key: 'goal', reason: '' } as const
    const { state: after } = guestAgent.settle(newer, fetch, { kind: 'fetched', goal: goal({ incarnation: 4 }) }, at)
    assert.equal(after.goal?.incarnation, 5)
  })
})

describe('a goal that is replaced while it is being read', () => {
  /** A wire server on which a newer goal comes after each goal state, so often. */
  const wireWith = (replacements: number) => {
    const asked: string[] = []
    let incarnation = 1
    const get = async (target: string) => {
      asked.push(target)
      if (target.includes('goalstate')) return goalState(incarnation)
      if (target !== `full ${incarnation}` || incarnation > replacements)
        return writeFullConfig({ ...goal().configuration, goalStateIncarnation: incarnation })
      incarnation++
      return undefined
    }
    return { asked, facilities: { get, log: { runtime() {}, status() {} } } as unknown as GuestFacilities }
  }
  const goalState = (incarnation: number) =>
    writeGoalState({
      incarnation,
      machine: 'Started',
      stopRolesDeadlineHintMs: 1,
      probePort: 16001,
      containerId: 'c',
      roleInstance: {
        instanceId: 'i',
        state: 'Started',
        hostingEnvironmentConfig: '',
        sharedConfig: '',
        extensionsConfig: '',
        fullConfig: `full ${incarnation}`,
        configName: '',
      },
    })

  it('is read again at once (wire-server.md 3)', async () => {
    const { asked, facilities } = wireWith(2)
    assert.equal((await readGoal(facilities)).incarnation, 3)
    assert.deepEqual(asked.slice(-2), ['/machine/?comp=goalstate', 'full 3'])
  })

  it('is given up when that does not end', () =>
    assert.rejects(readGoal(wireWith(100).facilities), /10 goals came while one was being read/))
})

describe('the status', () => {
  const crashed = { why: 'failed', code: 1, at, activity: 'The host process ended with exit code 1' } as const
  const down = { kind: 'down', since: at, restart: false, retryAt: at } as const
  const rows: readonly (readonly [situation: string, state: GuestAgentState, status: string, details: RegExp])[] = [
    [
      'being set up',
      state({ prepared: undefined }),
      'CreatingRole',
      /^Preparing to start role\.\.\. System is initializing\. \[1970-01-01T00:16:40Z\]$/,
    ],
    ['started, not heard of', state(), 'StartingRole', /^Starting role\.\.\./],
    ['tasks run', up(busy), 'BusyRole', /^Waiting for role to start\.\.\. Application startup tasks are running\./],
    ['Ready', up(ready), 'Ready', /^$/],
    [
      'after a first crash',
      state({ failures: 1, lastExit: crashed, stack: down }),
      'StartingRole',
      /^Recovering role\.\.\. .* Last exit time: \[1970\/01\/01, 00:16:40\.000\]\. Last exit code: 1\.$/,
    ],
    [
      'after a second crash',
      state({ failures: 2, lastExit: crashed, stack: down }),
      'CyclingRole',
      /^Role has encountered an error and has stopped\.\.\. The host process ended with exit code 1\./,
    ],
    [
      'after a second crash that left no word',
      state({ failures: 2, lastExit: { ...crashed, activity: '' }, stack: down }),
      'CyclingRole',
      /^Role has encountered an error and has stopped\. \[1970/,
    ],
    [
      'after a second crash whose words end with a full stop',
      state({ failures: 2, lastExit: { ...crashed, activity: 'It died.' }, stack: down }),
      'CyclingRole',
      /^Role has encountered an error and has stopped\.\.\. It died\. \[1970/,
    ],
    ['busy again after crashes', up(busy, { failures: 2, lastExit: crashed }), 'BusyRole', /^Recovering role\.\.\./],
    [
      'Ready, with local storage beyond its size (H-26)',
      up(ready, { remarks: ['Local storage TEMP holds more than its 100 MB.'] }),
      'Ready',
      /^Local storage TEMP holds more than its 100 MB\.$/,
    ],
    ['a goal of Stopped', state({ goal: goal({ machine: 'Stopped' }) }), 'Stopped', /^$/],
    [
      'cannot be set up',
      state({ prepared: undefined, unprepared: { times: 1, message: 'no space', at } }),
      'FailedStartingRole',
      /no space/,
    ],
  ]
  for (const [situation, given, status, details] of rows)
    it(`${situation} → ${status}`, () => {
      const health = healthOf(given, at)
      assert.equal(health?.subStatus ?? health?.state, status)
      assert.match(health?.description ?? '', details)
    })

  it('a Ready says for which goal the role is Ready: the one that it has accepted (role-runtime.md 6.7)', () => {
    const later = up(ready, { goal: goal({ incarnation: 7 }), latest: 7 })
    assert.equal(healthOf(later, at)?.goalStateIncarnation, 1)
    assert.equal(healthOf(up(busy, { goal: goal({ incarnation: 7 }) }), at)?.goalStateIncarnation, 7)
  })

  it('counts crashes until the role has been Ready for crashResetAfter; delays grow to the last (H-13, H-14)', () => {
    const crash = (before: GuestAgentState, now: number) =>
      guestAgent.receive(before, { kind: 'ended', exit: { ...crashed, at: now } }, now).state
    let given = up(busy)
    const delays: number[] = []
    for (let failures = 1; failures <= 8; failures++) {
      given = crash(given, at)
      assert.equal(given.failures, failures)
      delays.push(given.stack.kind === 'down' ? given.stack.retryAt - at : Number.NaN)
      given = up(busy, { failures: given.failures })
    }
    assert.deepEqual(delays, [0, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    const early = crash(up(ready, { failures: 3 }), at + timerDefaults.crashResetAfter - 1)
    const settled = crash(up(ready, { failures: 3 }), at + timerDefaults.crashResetAfter)
    assert.deepEqual([early.failures, settled.failures], [4, 1])
  })
})

describe('the answer to a heartbeat', () => {
  const health = healthOf(up(ready), at)
  assert.ok(health)
  const heartbeat = (inHand: number) =>
    ({ kind: 'heartbeat', key: 'heartbeat', reason: '', health, waitMs: 0, inHand }) as const
  const interval = timerDefaults.heartbeatInterval
  const fetched: Goal = goal({ incarnation: 5 })
  const rows: readonly (readonly [
    what: string,
    given: GuestAgentState,
    inHand: number,
    latest: number,
    next: number,
    heard: number,
  ])[] = [
    ['with nothing new', up(ready), 1, 1, at + interval, 1],
    ['with a newer incarnation', up(ready), 1, 2, at + 500, 2],
    ['with one that was heard of already', up(ready, { latest: 2 }), 1, 2, at + interval, 2],
    ['with an older one', up(ready, { latest: 3 }), 1, 2, at + interval, 3],
    ['with the one that was fetched while it was held', withFetched(), 4, 5, at + interval, 5],
    ['with one above that which was fetched', withFetched(), 4, 6, at + 500, 6],
  ]

  /** The newest heard of was 4, and the goal fetched then was 5 already. */
  function withFetched(): GuestAgentState {
    const action = { kind: 'fetchGoal', key: 'fetch', reason: '' } as const
    return guestAgent.settle(up(ready, { latest: 4 }), action, { kind: 'fetched', goal: fetched }, at).state
  }

  for (const [what, given, inHand, latest, next, heard] of rows)
    it(`${what} lets the next one be due ${next === at + interval ? 'an interval after it began' : 'at once'} (wire-server.md 7)`, () => {
      const outcome = { kind: 'answered', latest, begun: at } as const
      const after = guestAgent.settle(given, heartbeat(inHand), outcome, at + 500).state
      assert.deepEqual([after.heartbeatAt, after.latest], [next, heard])
    })

  it('while which the clock was set back by an hour lets the next one be due an interval after its answer (H-37)', () => {
    const now = at - 3_600_000
    const outcome = { kind: 'answered', latest: 4, begun: at } as const
    const after = guestAgent.settle(up(ready, { latest: 4 }), heartbeat(4), outcome, now).state
    assert.equal(after.heartbeatAt, now + interval)
  })
})

describe('what the host has not taken or given', () => {
  const rows = [
    ['a report', up(ready, { reported: 'something else', retryReportAt: at + 50 }), 'reportChange'],
    ['a goal', state({ goal: undefined, retryFetchAt: at + 50 }), 'fetchGoal'],
  ] as const

  for (const [what, situation, kind] of rows)
    it(`is tried again at the moment that was set: ${what}`, () => {
      assert.deepEqual(guestAgent.decide(situation, 'guest', at + 49), { actions: [], wakeAt: at + 50 })
      assert.equal(guestAgent.decide(situation, 'guest', at + 50).actions[0]?.kind, kind)
    })
})
