/** What a guest agent makes of each thing that it hears or has done: a row is a situation, what comes, and all that is another afterwards. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BootstrapperReport } from '../../src/guest/bootstrapper/protocol.ts'
import type { GuestAction } from '../../src/guest/guest-agent/action.ts'
import { advance, stopping } from '../../src/guest/guest-agent/advance.ts'
import { guestAgent } from '../../src/guest/guest-agent/agent.ts'
import { decide } from '../../src/guest/guest-agent/decide.ts'
import { healthOf } from '../../src/guest/guest-agent/health.ts'
import { fold, type GuestMessage } from '../../src/guest/guest-agent/receive.ts'
import { applyOutcome, type GuestOutcome } from '../../src/guest/guest-agent/settle.ts'
import {
  emptyMemory,
  firstState,
  type Goal,
  type GuestAgentState,
  runsFor,
  type Stack,
} from '../../src/guest/guest-agent/state.ts'
import { timerDefaults as timers } from '../../src/kernel/timers.ts'
import { goal } from './goals.ts'
import { plainSpecification } from './guest.ts'

const at = 1_000_000
const before = at - 7_000

const [rootA, rootB] = [
  { number: 1, softwareSha256: 'a' },
  { number: 2, softwareSha256: 'b' },
]
/** The second role root is wanted. */
const second = goal({ incarnation: 2 }, { root: 2, softwareSha256: 'b' })
const runs = runsFor(goal())
const prepared = { incarnation: 1, environment: { number: 1, path: '/c/1.xml', text: '' } } as const
const prepared2 = { ...prepared, incarnation: 2 }
const ready: BootstrapperReport = {
  status: 'Ready',
  phase: 'Waiting for role to start',
  activity: '',
  since: before,
  acceptedIncarnation: 1,
}
const busy: BootstrapperReport = { ...ready, status: 'Busy', activity: 'It is busy' }
const up = (report?: BootstrapperReport, more: object = {}): Stack => ({
  kind: 'up',
  since: before,
  runs,
  report,
  told: 1,
  ...more,
})
const down: Stack = { kind: 'down', since: before, restart: false, retryAt: before }
const leaving = (why: (Stack & { kind: 'leaving' })['why']): Stack => ({ kind: 'leaving', since: before, runs, why })
const stops = (why: (Stack & { kind: 'stopping' })['why'], more: object = {}): Stack => ({
  kind: 'stopping',
  since: before,
  runs,
  why,
  deadline: at + 9_000,
  told: false,
  ...more,
})
const exit = { why: 'failed', code: 3, at, activity: 'It died' } as const

type Situation = Partial<GuestAgentState>

/** A guest whose role is Ready and in rotation, and has been heard. What is said is otherwise. */
function stateIn(situation: Situation = {}): GuestAgentState {
  const settled: GuestAgentState = {
    ...firstState(emptyMemory(before), timers, 'agent'),
    latest: 1,
    goal: goal(),
    prepared,
    drives: { E: rootA, F: undefined },
    countedRoot: 1,
    process: 7,
    stack: up(ready),
    readySince: before,
    measuredAt: at,
    heartbeatAt: at + 1_000,
    ...situation,
  }
  return { ...settled, reported: situation.reported ?? JSON.stringify(healthOf(settled, at)) }
}

/** The fields that are not as before. */
function changes(from: GuestAgentState, to: GuestAgentState): Situation {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof GuestAgentState>
  const differs = [...names].filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
  return Object.fromEntries(differs.map((name) => [name, to[name]]))
}

const reports = (report: BootstrapperReport): GuestMessage => ({ kind: 'report', report })
const ended: GuestMessage = { kind: 'ended', exit }
const settledMs = timers.crashResetAfter

describe('a guest agent hears', () => {
  const stopped = { process: undefined, readySince: undefined }
  const afterFailure = (retryAt = at): Stack => ({ kind: 'down', since: at, restart: false, retryAt })
  const afterStop = (restart: boolean): Stack => ({ kind: 'down', since: at, restart, retryAt: at })
  const rows: readonly (readonly [when: string, situation: Situation, message: GuestMessage, differs: Situation])[] = [
    [
      'that the role is Ready',
      { stack: up(busy), readySince: undefined },
      reports(ready),
      { readySince: at, stack: up(ready) },
    ],
    ['that it is Ready still', { stack: up(busy) }, reports(ready), { stack: up(ready) }],
    ['that it is Busy', {}, reports(busy), { readySince: undefined, stack: up(busy) }],
    [
      'that it is Busy after it was settled, with failures before',
      { failures: 3, readySince: at - settledMs },
      reports(busy),
      { failures: 0, readySince: undefined, stack: up(busy) },
    ],
    [
      'that it is Busy a moment before it was settled',
      { failures: 3, readySince: at - settledMs + 1 },
      reports(busy),
      { readySince: undefined, stack: up(busy) },
    ],
    ['how a role is that stops', { stack: stops('goal') }, reports(busy), {}],
    ['of a first end', {}, ended, { ...stopped, failures: 1, lastExit: exit, stack: afterFailure() }],
    [
      'of a second end in a row',
      { failures: 1 },
      ended,
      { ...stopped, failures: 2, lastExit: exit, stack: afterFailure(at + (timers.recycleDelays[1] ?? 0)) },
    ],
    [
      'of the end of one that had been settled',
      { failures: 4, readySince: at - settledMs },
      ended,
      { ...stopped, failures: 1, lastExit: exit, stack: afterFailure() },
    ],
    [
      'of the end of one that was asked to stop',
      { failures: 4, lastExit: exit, stack: stops('goal') },
      ended,
      { ...stopped, failures: 0, lastExit: undefined, stack: afterStop(false) },
    ],
    ...(['root', 'certificate', 'recycle', 'agentUpdate'] as const).map(
      (why) =>
        [
          `of the end of one that was to stop: ${why}`,
          { stack: stops(why) },
          ended,
          { ...stopped, stack: afterStop(why !== 'root') },
        ] as const,
    ),
    [
      'of the end of one whose Run had returned',
      { stack: stops('returned') },
      ended,
      { ...stopped, failures: 1, lastExit: exit, stack: afterStop(true) },
    ],
    [
      'of the end of one whose Run had returned after it was settled',
      { stack: stops('returned'), readySince: before - settledMs },
      ended,
      { ...stopped, stack: afterStop(true) },
    ],
    [
      'of the end of one whose Run had returned, settled only while it stopped',
      { stack: stops('returned'), readySince: before - settledMs + 1 },
      ended,
      { ...stopped, failures: 1, lastExit: exit, stack: afterStop(true) },
    ],
    [
      'of the end of a former role root',
      { goal: second, failures: 2, lastExit: exit },
      ended,
      { ...stopped, failures: 0, lastExit: undefined, stack: afterFailure() },
    ],
    [
      'of an end before there is a goal',
      { goal: undefined },
      ended,
      { ...stopped, failures: 1, lastExit: exit, stack: afterFailure() },
    ],
    [
      'of an end after the end',
      { stack: down },
      ended,
      { ...stopped, failures: 1, lastExit: exit, stack: afterFailure() },
    ],
  ]
  for (const [when, situation, message, differs] of rows)
    it(when, () => {
      const from = stateIn(situation)
      assert.deepEqual(changes(from, fold(from, message, at)), differs)
    })
})

describe('a guest agent has', () => {
  const shared = { key: 'k', reason: '' } as const
  const health = { containerId: 'c', instanceId: 'i', goalStateIncarnation: 1 }
  const [isReady, isNot] = [
    { ...health, state: 'Ready' },
    { ...health, state: 'NotReady' },
  ] as const
  const reportOf = (said: typeof isReady | typeof isNot): GuestAction => ({
    ...shared,
    kind: 'reportChange',
    health: said,
  })
  const beat = (inHand: number): GuestAction => ({ ...shared, kind: 'heartbeat', health: isReady, waitMs: 1, inHand })
  const fetch: GuestAction = { ...shared, kind: 'fetchGoal' }
  const fetched = (found: Goal): GuestOutcome => ({ kind: 'fetched', goal: found })
  const answered = (latest: number): GuestOutcome => ({ kind: 'answered', latest, begun: at - 50 })
  const failed: GuestOutcome = { kind: 'failed', message: 'no space' }
  const done: GuestOutcome = { kind: 'done' }
  const prepare: GuestAction = { ...shared, kind: 'prepare', goal: goal() }
  const unpack: GuestAction = { ...shared, kind: 'unpack', wanted: { root: rootB, letter: 'F', software: '/s' } }
  const clear: GuestAction = { ...shared, kind: 'clear', letter: 'E' }
  const start: GuestAction = { ...shared, kind: 'start', goal: goal(), prepared, runs }
  const measure: GuestAction = { ...shared, kind: 'measure', goal: goal() }
  const tell = (state: 'Started' | 'Stopped'): GuestAction => ({
    ...shared,
    kind: 'tell',
    goal: { incarnation: 4, state, roleEnvironmentPath: '', simultaneous: false },
    context: 'UpdateRole',
  })
  const fault = (times: number, root = rootB) => ({ root, times, message: 'no space', at })
  const unprepared = (times: number) => ({ times, message: 'no space', at })
  const stoppingNow = (why: 'goal' | 'root'): Stack => ({
    kind: 'stopping',
    since: at,
    runs,
    why,
    deadline: at + 300_000,
    told: false,
  })
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    action: GuestAction,
    outcome: GuestOutcome,
    differs: object,
  ])[] = [
    ['not been given a goal', {}, fetch, failed, { retryFetchAt: at + 1_000 }],
    ['fetched an older goal', { goal: goal({ incarnation: 3 }) }, fetch, fetched(goal({ incarnation: 2 })), {}],
    [
      'fetched a goal with the same role root',
      { failures: 2, lastExit: exit, unprepared: unprepared(1) },
      fetch,
      fetched(goal({ incarnation: 2 })),
      { goal: goal({ incarnation: 2 }), latest: 2, unprepared: undefined },
    ],
    [
      'fetched a goal, and heard of a newer one since',
      { latest: 5 },
      fetch,
      fetched(goal({ incarnation: 2 })),
      { goal: goal({ incarnation: 2 }) },
    ],
    [
      'fetched a goal with another role root',
      { failures: 2, lastExit: exit },
      fetch,
      fetched(second),
      { goal: second, latest: 2, countedRoot: 2, failures: 0, lastExit: undefined },
    ],
    [
      'fetched a goal with another role root while it waits to start again',
      { failures: 2, lastExit: exit, stack: { ...down, retryAt: at + 90_000 } },
      fetch,
      fetched(second),
      { goal: second, latest: 2, countedRoot: 2, failures: 0, lastExit: undefined, stack: { ...down, retryAt: at } },
    ],
    [
      'reported that it is Ready',
      { inRotation: false, reported: 'x' },
      reportOf(isReady),
      answered(3),
      { reported: JSON.stringify(isReady), inRotation: true, latest: 3 },
    ],
    [
      'reported that it is not, and an older goal was named',
      { latest: 4, reported: 'x' },
      reportOf(isNot),
      answered(3),
      { reported: JSON.stringify(isNot), inRotation: false },
    ],
    ['not been heard', { reported: 'x' }, reportOf(isNot), failed, { retryReportAt: at + 1_000 }],
    [
      'reported that it leaves',
      { stack: leaving('root'), reported: 'x' },
      reportOf(isNot),
      answered(1),
      { reported: JSON.stringify(isNot), inRotation: false, stack: stoppingNow('root') },
    ],
    [
      'not been heard that it leaves',
      { stack: leaving('goal'), reported: 'x' },
      reportOf(isNot),
      failed,
      { retryReportAt: at + 1_000, stack: stoppingNow('goal') },
    ],
    [
      'been heard that it was Ready before it leaves',
      { stack: leaving('goal'), reported: 'x', inRotation: false },
      reportOf(isReady),
      answered(1),
      { reported: JSON.stringify(isReady), inRotation: true },
    ],
    ['not been heard for a heartbeat', { heartbeatAt: at }, beat(1), failed, { heartbeatAt: at + 1_000 }],
    [
      'set the guest up',
      { prepared: undefined, unprepared: unprepared(2) },
      prepare,
      { kind: 'prepared', prepared },
      { prepared, unprepared: undefined },
    ],
    ['not set the guest up', { prepared: undefined }, prepare, failed, { unprepared: unprepared(1) }],
    [
      'not set the guest up again',
      { prepared: undefined, unprepared: unprepared(2) },
      prepare,
      failed,
      { unprepared: unprepared(3) },
    ],
    [
      'unpacked a role root',
      { rootFault: fault(2) },
      unpack,
      done,
      { drives: { E: rootA, F: rootB }, rootFault: undefined },
    ],
    ['not unpacked it', {}, unpack, failed, { rootFault: fault(1) }],
    ['not unpacked it again', { rootFault: fault(2) }, unpack, failed, { rootFault: fault(3) }],
    ['not unpacked another one', { rootFault: fault(2, rootA) }, unpack, failed, { rootFault: fault(1) }],
    ['cleared a letter', {}, clear, done, { drives: { E: undefined, F: undefined } }],
    ['not cleared it', {}, clear, failed, { retryClearAt: at + 1_000 }],
    [
      'started the role',
      { stack: down, process: undefined },
      { ...start, prepared: { ...prepared, incarnation: 6 } },
      { kind: 'started', process: 8 },
      { process: 8, stack: { kind: 'up', since: at, runs, told: 6 } },
    ],
    ['started what runs already', {}, start, { kind: 'started', process: 8 }, {}],
    [
      'not started the role',
      { stack: down },
      start,
      failed,
      { unprepared: unprepared(1), prepared: { ...prepared, incarnation: 0 } },
    ],
    [
      'not started the role again',
      { stack: down, unprepared: unprepared(2) },
      start,
      failed,
      { unprepared: unprepared(3), prepared: { ...prepared, incarnation: 0 } },
    ],
    [
      'said that the role is to stop',
      { stack: stops('goal') },
      tell('Stopped'),
      done,
      { stack: stops('goal', { told: true }) },
    ],
    ['said what is new to a role that stops', { stack: stops('goal') }, tell('Started'), done, {}],
    ['said what is new', {}, tell('Started'), done, { stack: up(ready, { told: 4 }) }],
    ['said what is new to nobody', { stack: down }, tell('Started'), done, {}],
    [
      'measured',
      { measuredAt: before },
      measure,
      { kind: 'measured', remarks: ['full'] },
      { measuredAt: at, remarks: ['full'] },
    ],
    ['not measured', { measuredAt: before, remarks: ['full'] }, measure, failed, { measuredAt: at }],
    ['killed', {}, { ...shared, kind: 'kill' }, done, { retryKillAt: at + 1_000 }],
    [
      'made way',
      {},
      { ...shared, kind: 'replaceAgent', path: '/p', incarnation: 'n' },
      done,
      { retryReplaceAt: at + 1_000 },
    ],
  ]
  for (const [when, situation, action, outcome, differs] of rows)
    it(when, () => {
      const from = stateIn(situation)
      assert.deepEqual(changes(from, applyOutcome(from, action, outcome, at)), differs)
    })
})

describe('the role of a guest', () => {
  const stopsNow = (why: string) => `stopping ${why}`
  const leavesNow = (why: string) => `leaving ${why}`
  const recycling = (returned: boolean) => ({ ...busy, recycle: { reason: 'x', returned } })
  const otherAgent = goal({ agentPackage: { path: '/p', incarnation: 'next' } })
  const certificates = plainSpecification('127.0.0.2')
  const withCertificate = goal(
    { incarnation: 2 },
    {
      specification: {
        ...certificates,
        storedCertificates: [{ name: 'Tls', thumbprint: 'AA', storeName: 'My', level: 'System' }],
      },
    },
  )
  const bothStand = { E: rootA, F: rootB }
  const out = { inRotation: false }
  const rows: readonly (readonly [when: string, situation: Situation, becomes: string])[] = [
    ['is wanted', {}, 'up'],
    ['is not wanted any more', { goal: goal({ role: 'Stopped' }) }, leavesNow('goal')],
    ['is not wanted any more, with its guest', { goal: goal({ machine: 'Stopped' }) }, leavesNow('goal')],
    [
      'is not wanted any more, Busy and out of rotation',
      { ...out, stack: up(busy), goal: goal({ role: 'Stopped' }) },
      stopsNow('goal'),
    ],
    [
      'is not wanted any more, Busy and perhaps in rotation',
      { stack: up(busy), goal: goal({ role: 'Stopped' }) },
      leavesNow('goal'),
    ],
    [
      'is not wanted any more, Ready and out of rotation',
      { ...out, goal: goal({ role: 'Stopped' }) },
      leavesNow('goal'),
    ],
    [
      'has not said anything and is not wanted',
      { ...out, stack: up(), goal: goal({ role: 'Stopped' }) },
      stopsNow('goal'),
    ],
    ['wants to be recycled', { ...out, stack: up(recycling(false)) }, stopsNow('recycle')],
    ['has returned from Run', { ...out, stack: up(recycling(true)) }, stopsNow('returned')],
    ['has returned from Run before there is a goal', { goal: undefined, stack: up(recycling(true)) }, 'up'],
    [
      'has returned from Run, and no goal can be had',
      { goal: undefined, retryFetchAt: at, stack: up(recycling(true)) },
      stopsNow('returned'),
    ],
    ['goes on before there is a goal', { goal: undefined }, 'up'],
    ['has another agent wanted', { goal: otherAgent }, leavesNow('agentUpdate')],
    ['has this agent wanted', { goal: goal({ agentPackage: { path: '/p', incarnation: 'agent' } }) }, 'up'],
    ['has a new root, and nothing is set up for it', { goal: second, drives: bothStand }, 'up'],
    ['has a new root that stands', { goal: second, prepared: prepared2, drives: bothStand }, leavesNow('root')],
    ['has a new root that does not stand', { goal: second, prepared: prepared2 }, 'up'],
    [
      'has a new root on the letter of its own',
      { goal: goal({ incarnation: 2 }, { root: 3, softwareSha256: 'b' }), prepared: prepared2 },
      leavesNow('root'),
    ],
    ['has another certificate', { goal: withCertificate, prepared: prepared2 }, leavesNow('certificate')],
    ['leaves already', { stack: leaving('goal'), goal: goal({ role: 'Stopped' }) }, leavesNow('goal')],
    ['is down', { stack: down, goal: goal({ role: 'Stopped' }) }, 'down'],
  ]
  for (const [when, situation, becomes] of rows)
    it(`that ${when}: ${becomes}`, () => {
      const { stack } = advance(stateIn(situation), at)
      assert.equal('why' in stack ? `${stack.kind} ${stack.why}` : stack.kind, becomes)
    })

  it('has until the deadline of its goal, or that of the fabric, to stop', () => {
    const deadline = (known: Goal | undefined) => {
      const { stack } = stopping(stateIn({ goal: known }), at, 'goal')
      return stack.kind === 'stopping' ? stack.deadline - at : undefined
    }
    assert.deepEqual([deadline(goal({ stopRolesDeadlineHintMs: 5 })), deadline(undefined)], [5, timers.onStopLimit])
    for (const stack of [down, stops('root')]) assert.equal(stopping(stateIn({ stack }), at, 'goal').stack, stack)
  })
})

describe('a role root', () => {
  const next = { software: '/next', softwareSha256: 'b' }
  const keep = { keepFormerRoot: true }
  const rows: readonly (readonly [when: string, situation: Situation, E: unknown, F: unknown])[] = [
    ['that is wanted stays', { stack: down }, rootA, undefined],
    [
      'of which nobody has said anything stays',
      { stack: down, goal: undefined, drives: { E: rootB, F: rootB } },
      rootB,
      rootB,
    ],
    ['from which the role runs stays', { goal: second }, rootA, undefined],
    [
      'that was wanted before is left',
      { stack: down, goal: second, drives: { E: rootA, F: rootB } },
      'leftover',
      rootB,
    ],
    [
      'that was wanted before stays while an update is under way',
      {
        stack: down,
        goal: goal({ incarnation: 2 }, { root: 2, softwareSha256: 'b', ...keep }),
        drives: { E: rootA, F: rootB },
      },
      rootA,
      rootB,
    ],
    [
      'after the one that is wanted is left, also then',
      { stack: down, goal: goal({}, keep), drives: { E: rootA, F: rootB } },
      rootA,
      'leftover',
    ],
    [
      'of other software is left',
      { stack: down, drives: { E: { ...rootA, softwareSha256: 'z' }, F: undefined } },
      'leftover',
      undefined,
    ],
    ['that is to be next stays', { goal: goal({}, { next }), drives: { E: rootA, F: rootB } }, rootA, rootB],
    [
      'in the place of the next is left',
      { goal: goal({}, { next, ...keep }), drives: { E: rootA, F: { number: 0, softwareSha256: 'a' } } },
      rootA,
      'leftover',
    ],
  ]
  for (const [when, situation, E, F] of rows)
    it(when, () => assert.deepEqual(advance(stateIn(situation), at).drives, { E, F }))

  it('that failed is told until it stands, or another one is wanted', () => {
    const rootFault = { root: rootB, times: 1, message: 'no space', at }
    const told = (situation: Situation) => healthOf(stateIn({ rootFault, ...situation }), at)?.prepareFault
    const coming = goal({}, { next })
    assert.equal(told({ goal: coming }), 'no space')
    assert.equal(told({ goal: second }), 'no space')
    assert.equal(told({}), undefined)
    assert.equal(told({ goal: coming, drives: { E: rootA, F: rootB } }), undefined)
    assert.equal(healthOf(stateIn({ goal: coming, drives: { E: rootA, F: rootB } }), at)?.prepared, 'b')
    assert.equal(healthOf(stateIn({ drives: { E: rootA, F: rootB } }), at)?.prepared, undefined)
  })
})

it('a guest agent begins with everything due, and as if its role were in rotation until its host has answered', () => {
  const memory = emptyMemory(before)
  assert.deepEqual(firstState(memory, timers, 'agent'), {
    ...memory,
    timers,
    agentIncarnation: 'agent',
    latest: 0,
    inRotation: true,
    heartbeatAt: 0,
    retryReportAt: 0,
    retryFetchAt: 0,
    retryKillAt: 0,
    retryClearAt: 0,
    retryReplaceAt: 0,
    measuredAt: 0,
    remarks: [],
  })
})

describe('a role that is to stop (H-27)', () => {
  const said = (situation: Situation) => {
    const from = stateIn({
      heartbeatAt: at + 86_400_000,
      measuredAt: at + 86_400_000,
      readySince: undefined,
      ...situation,
    })
    const { actions, wakeAt } = decide(from, 'guest', at)
    return { tells: actions.filter(({ kind }) => kind === 'tell' || kind === 'kill'), wakeAt }
  }
  const toldOf = (why: (Stack & { kind: 'stopping' })['why'], incarnation: number) => ({
    kind: 'tell',
    key: 'stop',
    reason: `The role stops: ${why}.`,
    goal: {
      incarnation,
      state: 'Stopped',
      roleEnvironmentPath: '/c/1.xml',
      simultaneous: false,
      deadline: at + 9_000,
      restarts: why !== 'goal',
    },
    context: why === 'goal' ? 'StopContainer()' : 'StopRole',
  })

  for (const why of ['goal', 'root', 'recycle'] as const)
    it(`because of its ${why} is told so${why === 'goal' ? '' : ', and that it starts again'}, and until when`, () => {
      assert.deepEqual(said({ stack: stops(why), goal: second }), { tells: [toldOf(why, 2)], wakeAt: at + 19_000 })
      assert.deepEqual(said({ stack: stops(why), goal: undefined, retryFetchAt: at + 86_400_000 }).tells, [
        toldOf(why, 1),
      ])
    })

  it('is killed ten seconds after its deadline, and not before', () => {
    const kills = (deadline: number) => said({ stack: stops('goal', { told: true, deadline }) })
    assert.deepEqual(kills(at - 9_999), { tells: [], wakeAt: at + 1 })
    assert.deepEqual(
      kills(at - 10_000).tells.map(({ kind }) => kind),
      ['kill'],
    )
  })
})

describe('a guest agent is asked again', () => {
  const far = at + 86_400_000
  const quiet = { heartbeatAt: far, measuredAt: far }
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    does: readonly string[],
    at: number | undefined,
  ])[] = [
    ['at the next heartbeat', { measuredAt: far }, [], at + 1_000],
    ['when it is to measure', { heartbeatAt: far, measuredAt: at - 9_000 }, [], at + 1_000],
    ['when it may ask for its goal again', { ...quiet, latest: 2, retryFetchAt: at + 5 }, [], at + 5],
    ['when it may report again', { ...quiet, reported: 'x', retryReportAt: at + 5 }, [], at + 5],
    ['when the role will be settled', { ...quiet, failures: 1, lastExit: exit }, [], before + settledMs],
    [
      'before a heartbeat, when the role will be settled',
      { measuredAt: far, heartbeatAt: before + settledMs + 1, failures: 1 },
      [],
      before + settledMs,
    ],
    [
      'when the role may be started again',
      { ...quiet, stack: { ...down, retryAt: at + 5 }, readySince: undefined },
      [],
      at + 5,
    ],
    [
      'when the root may be unpacked again',
      {
        ...quiet,
        stack: down,
        readySince: undefined,
        drives: { E: undefined, F: undefined },
        rootFault: { root: rootA, times: 2, message: '', at },
      },
      [],
      at + (timers.recycleDelays[1] ?? 0),
    ],
    [
      'when the guest may be set up again',
      { ...quiet, stack: down, readySince: undefined, prepared: undefined, unprepared: { times: 2, message: '', at } },
      [],
      at + (timers.recycleDelays[1] ?? 0),
    ],
    ['when a role that stops is to be killed', { ...quiet, stack: stops('goal', { told: true }) }, [], at + 19_000],
    ['at once, to be told to stop', { ...quiet, stack: stops('goal') }, ['stop: The role stops: goal.'], at + 19_000],
    [
      'to kill what has not ended',
      { ...quiet, stack: stops('goal', { told: true, deadline: at - 10_000 }) },
      ['kill: The role has not stopped at its deadline.'],
      undefined,
    ],
    ['for its first goal', { ...quiet, goal: undefined, latest: 0 }, ['goal: There is no goal yet.'], undefined],
    [
      'for a newer goal, and sends no heartbeat meanwhile',
      { measuredAt: far, heartbeatAt: at, latest: 2 },
      ['goal: Incarnation 2 has come.'],
      undefined,
    ],
    [
      'for a heartbeat when a newer goal cannot be had',
      { measuredAt: far, heartbeatAt: at, latest: 2, retryFetchAt: at + 5 },
      ['heartbeat: A heartbeat is due.'],
      at + 5,
    ],
    [
      'for a heartbeat when it has a defect',
      { measuredAt: far, heartbeatAt: at, latest: 2, thrown: 'x' },
      ['goal: Incarnation 2 has come.', 'heartbeat: A heartbeat is due.'],
      undefined,
    ],
    ['to measure', { heartbeatAt: far, measuredAt: at - 10_000 }, ['measure: Local storage is measured.'], undefined],
    ['to say what has changed', { ...quiet, reported: 'x' }, ['change: The health has changed.'], undefined],
    ['to start', { ...quiet, stack: down, readySince: undefined }, ['start: The guest is set up.'], undefined],
    [
      'to start again',
      { ...quiet, stack: down, readySince: undefined, failures: 2 },
      ['start: The role is started again after 2 failures.'],
      undefined,
    ],
    [
      'to start, and a newer goal has been heard of',
      { ...quiet, stack: down, readySince: undefined, latest: 2, retryFetchAt: at + 5 },
      [],
      at + 5,
    ],
    [
      'to start, and another agent is to do it',
      {
        ...quiet,
        stack: down,
        readySince: undefined,
        goal: goal({ agentPackage: { path: '/p', incarnation: 'next' } }),
      },
      ['replaceAgent: Guest agent next is wanted, agent runs.'],
      undefined,
    ],
    [
      'to start, and this agent is the one that is wanted',
      {
        ...quiet,
        stack: down,
        readySince: undefined,
        goal: goal({ agentPackage: { path: '/p', incarnation: 'agent' } }),
      },
      ['start: The guest is set up.'],
      undefined,
    ],
    [
      'to replace itself, not before the role is down',
      { ...quiet, goal: goal({ agentPackage: { path: '/p', incarnation: 'next' } }) },
      [],
      undefined,
    ],
    [
      'to say what is new',
      { ...quiet, goal: goal({ incarnation: 2 }), latest: 2, prepared: prepared2 },
      ['tell: Incarnation 2 is in force.'],
      undefined,
    ],
    [
      'to say nothing twice',
      { ...quiet, goal: goal({ incarnation: 2 }), latest: 2, prepared: prepared2, stack: up(ready, { told: 2 }) },
      [],
      undefined,
    ],
    [
      'to set up',
      { ...quiet, stack: down, readySince: undefined, prepared: undefined },
      ['prepare: The guest is set up for incarnation 1.'],
      undefined,
    ],
    [
      'to clear a letter',
      { ...quiet, drives: { E: rootA, F: 'leftover' } },
      ['root: What is on F:\\ is not wanted any more.'],
      undefined,
    ],
    [
      'to clear nothing on which the next one is to be',
      {
        ...quiet,
        drives: { E: rootA, F: 'leftover' },
        goal: goal({}, { next: { software: '/n', softwareSha256: 'b' } }),
      },
      ['root: Role root 2 is wanted on F:\\.'],
      undefined,
    ],
    [
      'to clear nothing while it is down',
      { ...quiet, stack: down, readySince: undefined, drives: { E: rootA, F: 'leftover' } },
      ['start: The guest is set up.'],
      undefined,
    ],
    [
      'to make its root',
      { ...quiet, stack: down, readySince: undefined, drives: { E: undefined, F: undefined } },
      ['root: Role root 1 is wanted on E:\\.'],
      undefined,
    ],
    [
      'for nothing, when nothing is wanted',
      {
        ...quiet,
        stack: down,
        readySince: undefined,
        goal: goal({ role: 'Stopped' }),
        prepared: undefined,
        drives: { E: undefined, F: undefined },
      },
      [],
      undefined,
    ],
  ]
  for (const [when, situation, does, wakeAt] of rows)
    it(when, () => {
      const decided = decide(stateIn(situation), 'guest', at)
      assert.deepEqual(
        decided.actions.map(({ key, reason }) => `${key}: ${reason}`),
        does,
      )
      if (does.length === 0 || wakeAt !== undefined) assert.equal(decided.wakeAt, wakeAt === undefined ? far : wakeAt)
    })

  it('as far away as before, after a time in which it did not run (H-37)', () => {
    const fault = { times: 1, message: '', at: before }
    const situation = { unprepared: fault, rootFault: { ...fault, root: rootA }, retryReportAt: at, retryFetchAt: at }
    for (const [stack, moved] of [
      [
        { ...down, retryAt: at },
        { since: before + 5, retryAt: at + 5 },
      ],
      [up(ready), { since: before + 5 }],
      [leaving('goal'), { since: before + 5 }],
      [stops('goal'), { since: before + 5, deadline: at + 9_005 }],
    ] as const) {
      const from = stateIn({ ...situation, stack, measuredAt: at + 60_000 })
      const to = guestAgent.lapsed?.(from, 5, at)
      assert.ok(to)
      assert.deepEqual(changes(from, { ...to.state, drives: from.drives }), {
        readySince: before + 5,
        heartbeatAt: at + 1_005,
        retryReportAt: at + 5,
        retryFetchAt: at + 5,
        retryKillAt: 5,
        retryClearAt: 5,
        retryReplaceAt: 5,
        measuredAt: at + 60_005,
        stack: { ...stack, ...moved },
        rootFault: { ...fault, root: rootA, at: before + 5 },
        unprepared: { ...fault, at: before + 5 },
      })
    }
  })
})

describe('the health of a guest, whole,', () => {
  const [then, sinceAt] = ['[1970-01-01T00:16:33Z]', '[1970-01-01T00:16:40Z]']
  const lastExit = ' Last exit time: [1970/01/01, 00:16:40.000]. Last exit code: 3.'
  const failed = { failures: 1, lastExit: exit } as const
  const often = { failures: 2, lastExit: exit } as const
  const unready = { readySince: undefined } as const
  const rows: readonly (readonly [when: string, situation: Situation, said: object])[] = [
    ['Ready', {}, { state: 'Ready' }],
    [
      'Ready, with something to say',
      { stack: up({ ...ready, activity: 'It is full' }), remarks: ['A.', ''], thrown: 'x' },
      {
        state: 'Ready',
        description: `Waiting for role to start... It is full. ${then} A. The guest agent has a defect and tries again: x.`,
      },
    ],
    ['Ready for older documents', { goal: goal({ incarnation: 7 }) }, { goalStateIncarnation: 1, state: 'Ready' }],
    ['Ready, and it has failed before', failed, { state: 'Ready', failures: 1 }],
    ['Ready, and settled since it failed', { ...failed, readySince: at - settledMs }, { state: 'Ready' }],
    [
      'Busy',
      { stack: up(busy), ...unready },
      { state: 'NotReady', subStatus: 'BusyRole', description: `Waiting for role to start... It is busy. ${then}` },
    ],
    [
      'Busy after a failure',
      { stack: up(busy), ...unready, ...failed },
      {
        state: 'NotReady',
        subStatus: 'BusyRole',
        description: `Recovering role... It is busy. ${then}${lastExit}`,
        failures: 1,
      },
    ],
    [
      'started',
      { stack: up(), ...unready },
      { state: 'NotReady', subStatus: 'StartingRole', description: `Starting role... System is initializing. ${then}` },
    ],
    [
      'started after a failure',
      { stack: up(), ...unready, ...failed },
      {
        state: 'NotReady',
        subStatus: 'StartingRole',
        description: `Recovering role... System is initializing. ${then}${lastExit}`,
        failures: 1,
      },
    ],
    ['not wanted', { stack: down, ...unready, goal: goal({ role: 'Stopped' }) }, { state: 'Stopped' }],
    [
      'to be set up',
      { stack: down, ...unready, prepared: undefined },
      {
        state: 'NotReady',
        subStatus: 'CreatingRole',
        description: `Preparing to start role... System is initializing. ${then}`,
      },
    ],
    [
      'to be set up, its root not there',
      { stack: down, ...unready, drives: { E: undefined, F: undefined } },
      {
        state: 'NotReady',
        subStatus: 'CreatingRole',
        description: `Preparing to start role... System is initializing. ${then}`,
      },
    ],
    [
      'to be started',
      { stack: down, ...unready },
      { state: 'NotReady', subStatus: 'StartingRole', description: `Starting role... System is initializing. ${then}` },
    ],
    [
      'to be started again',
      { stack: { ...down, restart: true }, ...unready },
      {
        state: 'NotReady',
        subStatus: 'RestartingRole',
        description: `Starting role... System is initializing. ${then}`,
      },
    ],
    [
      'down after a failure',
      { stack: down, ...unready, ...failed },
      {
        state: 'NotReady',
        subStatus: 'StartingRole',
        description: `Recovering role... System is initializing. ${then}${lastExit}`,
        failures: 1,
      },
    ],
    [
      'down after several',
      { stack: down, ...unready, ...often },
      {
        state: 'NotReady',
        subStatus: 'CyclingRole',
        description: `Role has encountered an error and has stopped... It died. ${then}${lastExit}`,
        failures: 2,
      },
    ],
    [
      'not to be set up',
      { stack: down, ...unready, unprepared: { times: 1, message: 'no space', at } },
      {
        state: 'NotReady',
        subStatus: 'FailedStartingRole',
        description: `Preparing to start role... no space. ${sinceAt}`,
      },
    ],
    [
      'not to be unpacked',
      {
        stack: down,
        ...unready,
        drives: { E: undefined, F: undefined },
        rootFault: { root: rootA, times: 1, message: 'no space', at },
      },
      {
        state: 'NotReady',
        subStatus: 'FailedStartingRole',
        description: `Preparing to start role... no space. ${sinceAt}`,
        prepareFault: 'no space',
      },
    ],
    ...(
      [
        ['goal', 'StoppingRole', 'Stopping role... The fabric has asked for it'],
        ['root', 'StoppingRole', 'Stopping role... A new role root has come'],
        ['certificate', 'RestartingRole', 'Restarting role... A certificate has changed'],
        ['recycle', 'RestartingRole', 'Restarting role... The role has asked for it'],
        ['returned', 'RestartingRole', 'Restarting role... Run has returned'],
        ['agentUpdate', 'RestartingRole', 'Restarting role... The guest agent is being replaced'],
      ] as const
    ).flatMap(([why, subStatus, words]) =>
      [leaving(why), stops(why)].map(
        (stack) =>
          [
            `${stack.kind}: ${why}`,
            { stack, remarks: ['A.'] },
            { state: 'NotReady', subStatus, description: `${words}. ${then}` },
          ] as const,
      ),
    ),
  ]
  for (const [when, situation, said] of rows)
    it(when, () =>
      assert.deepEqual(healthOf(stateIn(situation), at), {
        goalStateIncarnation: 1,
        containerId: 'c',
        instanceId: 'd.Worker_IN_0',
        ...said,
      }),
    )

  it('is nothing before there is a goal', () => assert.equal(healthOf(stateIn({ goal: undefined }), at), undefined))
})
