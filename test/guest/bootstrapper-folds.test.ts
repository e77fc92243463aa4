/** What a bootstrapper makes of each thing that it hears or has done: a row is a situation, what comes, and all that is another afterwards. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BootstrapperAction } from '../../src/guest/bootstrapper/action.ts'
import { advance, nextMoment } from '../../src/guest/bootstrapper/advance.ts'
import { passChangeOn } from '../../src/guest/bootstrapper/decide/pass-change-on.ts'
import { stopRole } from '../../src/guest/bootstrapper/decide/stop-role.ts'
import { decide } from '../../src/guest/bootstrapper/decide.ts'
import { lapsed } from '../../src/guest/bootstrapper/lapsed.ts'
import type { BootstrapperGoal } from '../../src/guest/bootstrapper/protocol.ts'
import { type BootstrapperMessage, fold } from '../../src/guest/bootstrapper/receive.ts'
import { reportOf, statusLine } from '../../src/guest/bootstrapper/report.ts'
import { applyOutcome, type BootstrapperOutcome } from '../../src/guest/bootstrapper/settle.ts'
import { type BootstrapperState, firstState, ownClients, type Stage } from '../../src/guest/bootstrapper/state.ts'
import { timerDefaults as timers } from '../../src/kernel/timers.ts'
import type { PlannedTask, RolePlan } from '../../src/service-model/role-plan.ts'

const at = 1_000_000
const before = at - 7_000

const program: RolePlan = {
  tasks: [],
  host: { kind: 'program', commandLine: 'node server.js', readyOnStart: true },
  variables: [],
  flavour: 'stream',
}
const inModule: RolePlan = { ...program, host: { kind: 'module', module: 'role.js', process: 'WaWorkerHost' } }
const goal = (incarnation: number, change: Partial<BootstrapperGoal> = {}): BootstrapperGoal => ({
  incarnation,
  state: 'Started',
  roleEnvironmentPath: `/c/${incarnation}.xml`,
  simultaneous: false,
  ...change,
})
const plannedTask: PlannedTask = {
  kind: 'command',
  task: { commandLine: 'setup', executionContext: 'limited', taskType: 'simple', environment: [] },
  directory: 'approot',
}
const ofPlugin: PlannedTask = { ...plannedTask, module: 'Watcher' }

const own = { protocol: 'own', host: false, stopped: false } as const
const published = { protocol: 'published', host: false, stopped: false } as const
const hostChild = { kind: 'host', command: 'node server.js', pid: 7, startedAt: before } as const
const foreground = { ...hostChild, kind: 'foreground', command: 'watch' } as const
const simple = { ...hostChild, kind: 'simple', command: 'setup' } as const
const lease = (status: 'Started' | 'Busy' | 'Recycle' | 'Stopped', expires = Number.POSITIVE_INFINITY) => ({
  status,
  incarnation: 1,
  expires,
})
const change = {
  goalIncarnation: 2,
  runtimeIncarnation: 2,
  since: before,
  step: 'changing',
  told: true,
  waitingFor: ['a', 'b'],
  leaseHolders: ['x', 'y'],
  acquiredAgain: 0,
} as const
const check = { id: 4, at: before, waitingFor: ['a', 'b'], busy: false, heardBusy: false, hung: false } as const

const running: Stage = { kind: 'running', since: before, asked: true }
const onStart: Stage = { kind: 'onStart', since: before, asked: false }
const connecting: Stage = { kind: 'connecting', since: before }
const stopping: Stage = { kind: 'stopping', since: before, deadline: at + 9_000, told: false }
const ending: Stage = { kind: 'ending', since: before, exit: { why: 'stopped', code: 0, at: before, activity: '' } }
const endedWith = (why: 'stopped' | 'failed', code: number, activity: string, taskError?: object): Stage =>
  ({
    kind: 'ending',
    since: at,
    exit: { why, code, at, activity, ...(why === 'failed' && { taskError }) },
  }) as Stage
const startFailed = -2_147_467_259

type Situation = Partial<BootstrapperState>

/** A role that runs, with one process that listens and one child. What is said is otherwise. */
function stateIn(situation: Situation): BootstrapperState {
  return {
    ...firstState({ ok: true, plan: program }, goal(1), timers, before),
    stage: running,
    saidReady: true,
    clients: { a: own },
    children: { host: hostChild },
    ...situation,
  }
}

/** The fields that are not as before. */
function changes(from: BootstrapperState, to: BootstrapperState): Situation {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof BootstrapperState>
  const differs = [...names].filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
  return Object.fromEntries(differs.map((name) => [name, to[name]]))
}

const wants = (wanted: BootstrapperGoal): BootstrapperMessage => ({ kind: 'goal', goal: wanted })
const says = (client: string, message: (BootstrapperMessage & { kind: 'said' })['message']): BootstrapperMessage => ({
  kind: 'said',
  client,
  message,
})
const ends = (
  child: string,
  code: number | null,
  more: { signal?: string; cause?: string } = {},
): BootstrapperMessage => ({
  kind: 'childEnded',
  child,
  ended: { code, signal: null, ...more },
})
const acquires = (
  clientId: string,
  status: 'Started' | 'Busy' | 'Recycle' | 'Stopped',
  incarnation = 2,
): BootstrapperMessage => ({
  kind: 'lease',
  report: { kind: 'acquire', clientId, incarnation, status, expires: at + 5_000 },
})
const releases = (clientId: string): BootstrapperMessage => ({ kind: 'lease', report: { kind: 'release', clientId } })

const stop = goal(2, { state: 'Stopped' })
const sameDocument = goal(2, { roleEnvironmentPath: '/c/1.xml' })
const stoppingFrom = (deadline: number): Stage => ({ kind: 'stopping', since: at, deadline, told: false })
const begun = { ...change, since: at, told: false, waitingFor: ['a'], leaseHolders: [] }
const asksRecycle = { reason: 'The role asked to be recycled.', returned: false }
const tasks = (next: number, more = {}): Stage => ({ kind: 'tasks', next, since: before, ...more })
const withTasks = (...planned: readonly PlannedTask[]): RolePlan => ({ ...program, tasks: planned })

type Row = readonly [when: string, situation: Situation, message: BootstrapperMessage, differs: Situation]

describe('a bootstrapper hears', () => {
  const rows: readonly Row[] = [
    ['an older goal', { goal: goal(3) }, wants(stop), {}],
    ['a goal while it stops', { stage: stopping }, wants(goal(5)), {}],
    ['anything when it ends', { stage: ending }, wants(stop), {}],
    ['that somebody comes when it ends', { stage: ending }, { kind: 'connected', client: 'z', protocol: 'own' }, {}],
    ['the same document again', {}, wants(sameDocument), { goal: sameDocument, acceptedIncarnation: 2 }],
    [
      'the same document again while it passes it on',
      { change: { ...change, goalIncarnation: 1 } },
      wants(sameDocument),
      { goal: sameDocument, change: { ...change, goalIncarnation: 2 } },
    ],
    [
      'another document',
      { clients: { a: own, p: published }, leases: { x: lease('Started') } },
      wants(goal(2)),
      { goal: goal(2), runtimeIncarnation: 2, change: { ...begun, leaseHolders: ['x'] } },
    ],
    [
      'another document under the same incarnation',
      {},
      wants(goal(1, { roleEnvironmentPath: '/other' })),
      {
        goal: goal(1, { roleEnvironmentPath: '/other' }),
        runtimeIncarnation: 2,
        change: { ...begun, goalIncarnation: 1 },
      },
    ],
    [
      'that it is to stop, until when',
      { change, check },
      wants({ ...stop, deadline: at + 60 }),
      {
        goal: { ...stop, deadline: at + 60 },
        runtimeIncarnation: 2,
        change: undefined,
        check: undefined,
        stage: stoppingFrom(at + 60),
      },
    ],
    [
      'that it is to stop',
      {},
      wants(stop),
      { goal: stop, runtimeIncarnation: 2, stage: stoppingFrom(at + timers.onStopLimit) },
    ],
    [
      'that it is to stop, and nobody is waited for',
      { children: { 'task 0': simple } },
      wants(stop),
      { goal: stop, stage: endedWith('stopped', 0, '') },
    ],
    [
      'that it is to stop while its host process connects',
      { stage: connecting },
      wants(stop),
      { goal: stop, stage: endedWith('stopped', 0, '') },
    ],
    [
      'that it is to stop after its program has returned from Run',
      { children: {}, programCode: 5, recycle: { reason: 'x', returned: true }, unset: ['A has no value'] },
      wants(stop),
      { goal: stop, stage: endedWith('stopped', 5, 'Run has returned. A has no value') },
    ],
    [
      'that it is to stop after the role has asked to be recycled',
      { children: {}, recycle: asksRecycle, unset: ['A has no value'] },
      wants(stop),
      { goal: stop, stage: endedWith('stopped', 0, '') },
    ],
    [
      'that somebody comes',
      {},
      { kind: 'connected', client: 'p', protocol: 'published' },
      { clients: { a: own, p: published } },
    ],
    [
      'that somebody has gone who was waited for',
      { clients: { a: own, b: own }, change, check },
      { kind: 'gone', client: 'a' },
      { clients: { b: own }, change: { ...change, waitingFor: ['b'] }, check: { ...check, waitingFor: ['b'] } },
    ],
    ['that nobody it knows has gone', {}, { kind: 'gone', client: 'z' }, {}],
    ['that nobody it knows has gone while it stops', { stage: stopping }, { kind: 'gone', client: 'z' }, {}],
    [
      'that somebody has gone while it stops',
      { stage: stopping },
      { kind: 'gone', client: 'a' },
      { clients: { a: { ...own, stopped: true } } },
    ],
    [
      'hello of the host process',
      { stage: connecting, clients: {} },
      says('h', { kind: 'hello', host: true }),
      { clients: { h: { ...own, host: true } }, stage: onStart },
    ],
    [
      'hello of another process',
      { stage: connecting, clients: {} },
      says('h', { kind: 'hello', host: false }),
      { clients: { h: own } },
    ],
    [
      'hello of a second host process',
      { clients: {} },
      says('h', { kind: 'hello', host: true }),
      { clients: { h: { ...own, host: true } } },
    ],
    [
      'that OnStart has ended',
      { stage: onStart },
      says('a', { kind: 'onStartEnded', result: true }),
      { stage: { kind: 'running', since: at, asked: false } },
    ],
    [
      'that OnStart has ended with false',
      { stage: onStart },
      says('a', { kind: 'onStartEnded', result: false }),
      { failure: 'OnStart returned false' },
    ],
    ['that OnStart has ended again', {}, says('a', { kind: 'onStartEnded', result: false }), {}],
    ['that Run has begun', {}, says('a', { kind: 'runBegan' }), {}],
    [
      'that Run has returned',
      {},
      says('a', { kind: 'runReturned' }),
      { recycle: { reason: 'Run returned.', returned: true } },
    ],
    ['that Run has returned before it began', { stage: onStart }, says('a', { kind: 'runReturned' }), {}],
    [
      'what the entry point has died of',
      {},
      says('a', { kind: 'failed', during: 'Run', failure: { type: 'TypeError', message: 'no', stack: 'at x' } }),
      { failure: 'Unhandled Exception: TypeError: no (in Run) at x' },
    ],
    ['an answer to an older StatusCheck', { check }, says('a', { kind: 'status', id: 3, busy: true }), {}],
    ['an answer to none', {}, says('a', { kind: 'status', id: 3, busy: true }), {}],
    [
      'the first answer, of one that is busy',
      { check },
      says('a', { kind: 'status', id: 4, busy: true }),
      { check: { ...check, waitingFor: ['b'], busy: true, heardBusy: true } },
    ],
    [
      'the first answer, of one that is not',
      { check: { ...check, busy: true, hung: true } },
      says('a', { kind: 'status', id: 4, busy: false }),
      { check: { ...check, waitingFor: ['b'], busy: true, hung: true } },
    ],
    [
      'the last answer, after another was busy',
      { check: { ...check, waitingFor: ['a'], busy: true, heardBusy: true, hung: true } },
      says('a', { kind: 'status', id: 4, busy: false }),
      { check: { ...check, waitingFor: [], busy: true, heardBusy: true, hung: false } },
    ],
    [
      'the last answer, that nobody is busy any more',
      { check: { ...check, waitingFor: ['a'], busy: true } },
      says('a', { kind: 'status', id: 4, busy: false }),
      { check: { ...check, waitingFor: [], busy: false } },
    ],
    [
      'that Changing was answered',
      { change },
      says('a', { kind: 'changingEnded', incarnation: 2, cancel: false }),
      { change: { ...change, waitingFor: ['b'] } },
    ],
    [
      'that Changing was cancelled',
      { change },
      says('a', { kind: 'changingEnded', incarnation: 2, cancel: true }),
      { recycle: { reason: 'The role cancelled Changing.', returned: false } },
    ],
    [
      'that an older Changing was cancelled',
      { change },
      says('a', { kind: 'changingEnded', incarnation: 1, cancel: true }),
      {},
    ],
    [
      'that Changing was cancelled when nothing changes',
      {},
      says('a', { kind: 'changingEnded', incarnation: 2, cancel: true }),
      {},
    ],
    [
      'that Changed was answered',
      { change },
      says('b', { kind: 'changedEnded', incarnation: 2 }),
      { change: { ...change, waitingFor: ['a'] } },
    ],
    ['that an older Changed was answered', { change }, says('b', { kind: 'changedEnded', incarnation: 1 }), {}],
    ['that the role asks to be recycled', {}, says('a', { kind: 'requestRecycle' }), { recycle: asksRecycle }],
    ['that a process has stopped', {}, says('a', { kind: 'stopped' }), { clients: { a: { ...own, stopped: true } } }],
    ['that a process has stopped which it does not know', {}, says('z', { kind: 'stopped' }), {}],
    [
      'that a published client is Started',
      { saidReady: false },
      acquires('x', 'Started'),
      { saidReady: true, leases: { x: { ...lease('Started', at + 5_000), incarnation: 2 } } },
    ],
    [
      'that a published client is Busy',
      { saidReady: false },
      acquires('x', 'Busy'),
      { leases: { x: { ...lease('Busy', at + 5_000), incarnation: 2 } } },
    ],
    [
      'that a lease is released',
      { saidReady: false, leases: { x: lease('Started'), y: lease('Busy') } },
      releases('x'),
      { leases: { y: lease('Busy') } },
    ],
    [
      'under a change, a lease of its incarnation',
      { change },
      acquires('x', 'Started'),
      {
        leases: { x: { ...lease('Started', at + 5_000), incarnation: 2 } },
        change: { ...change, leaseHolders: ['y'], acquiredAgain: 1 },
      },
    ],
    [
      'under a change, a lease of an older incarnation',
      { change },
      acquires('x', 'Started', 1),
      { leases: { x: lease('Started', at + 5_000) } },
    ],
    [
      'under a change, a wish to be recycled of any incarnation',
      { change },
      acquires('x', 'Recycle', 1),
      {
        leases: { x: lease('Recycle', at + 5_000) },
        change: { ...change, leaseHolders: ['y'], acquiredAgain: 1 },
      },
    ],
    [
      'under a change, that a lease is released',
      { change, leases: { x: lease('Started') } },
      releases('x'),
      { leases: {}, change: { ...change, leaseHolders: ['y'], acquiredAgain: 1 } },
    ],
    [
      'under a change, a lease of one that held none',
      { change },
      acquires('z', 'Started'),
      { leases: { z: { ...lease('Started', at + 5_000), incarnation: 2 } } },
    ],
    ['of the end of a child that it does not know', {}, ends('other', 3), {}],
    ['of the end of a child when it ends', { stage: ending }, ends('host', 3), { children: {} }],
    [
      'that its program has ended',
      {},
      ends('host', 3),
      { children: {}, programCode: 3, recycle: { reason: 'The program ended with exit code 3.', returned: true } },
    ],
    [
      'that its program has ended, as it had been asked to',
      { recycle: asksRecycle },
      ends('host', 0),
      { children: {}, programCode: 0, recycle: { ...asksRecycle, returned: true } },
    ],
    [
      'that its program was ended by a signal',
      { unset: ['A has no value'] },
      ends('host', null, { signal: 'SIGKILL', cause: 'out of memory' }),
      {
        children: {},
        stage: endedWith('failed', -1, 'The host process was ended by SIGKILL: out of memory. A has no value'),
      },
    ],
    [
      'that the system did not run its program at all',
      {},
      ends('host', 126, { cause: 'no such file' }),
      { children: {}, stage: endedWith('failed', 126, 'The host process ended with exit code 126: no such file') },
    ],
    [
      'that its module has ended',
      { plan: inModule },
      ends('host', 1),
      { children: {}, stage: endedWith('failed', 1, 'The host process ended with exit code 1') },
    ],
    [
      'that its module has ended, of which it knows why',
      { plan: inModule, failure: 'OnStart returned false' },
      ends('host', 1),
      { children: {}, stage: endedWith('failed', 1, 'OnStart returned false') },
    ],
    [
      'that the program has ended that was to stop',
      { stage: stopping },
      ends('host', 1),
      { children: {}, stage: endedWith('stopped', 0, '') },
    ],
    [
      'that the program has ended that was to stop, and another child is waited for',
      { stage: stopping, children: { host: hostChild, 'task 0': foreground } },
      ends('host', 1),
      { children: { 'task 0': foreground } },
    ],
    [
      'that a task has returned success, and another is next',
      {
        stage: tasks(0, { isLong: true }),
        plan: withTasks(plannedTask, plannedTask),
        children: { 'task 0': simple },
        unset: ['A has no value'],
      },
      ends('task 0', 0),
      { children: {}, unset: undefined, stage: { kind: 'tasks', next: 1, since: at } },
    ],
    [
      'that the last task has returned success',
      { stage: tasks(0), plan: withTasks(plannedTask), children: { 'task 0': simple } },
      ends('task 0', 0),
      { children: {}, stage: { kind: 'starting', since: at } },
    ],
    [
      'that a task has failed',
      { stage: tasks(0), plan: withTasks(plannedTask), children: { 'task 0': simple }, unset: ['A has no value'] },
      ends('task 0', 3, { cause: 'no such file' }),
      {
        children: {},
        stage: endedWith(
          'failed',
          startFailed,
          'Application startup task "setup" failed with exit code 3: no such file. A has no value',
          { command: 'setup', exitCode: 3 },
        ),
      },
    ],
    [
      'that a task of a plug-in was ended by a signal',
      { stage: tasks(0), plan: withTasks(ofPlugin), children: { 'task 0': { ...simple, module: 'Watcher' } } },
      ends('task 0', null, { signal: 'SIGTERM' }),
      {
        children: {},
        stage: endedWith('failed', startFailed, 'System startup task "setup" was ended by SIGTERM', {
          command: 'setup',
          exitCode: -1,
        }),
      },
    ],
    ...(['SIGKILL', undefined] as const).map((signal): Row => {
      const waits = { ...ofPlugin, task: { ...ofPlugin.task, commandLine: 'agent /blockStartup' } }
      const agent = { ...simple, kind: 'background', command: 'agent', module: 'Watcher' } as const
      const how = signal === undefined ? 'ended with exit code 5' : 'was ended by SIGKILL'
      return [
        `that the plug-in has failed for which a task waits: it ${how}`,
        { stage: tasks(1), plan: withTasks(ofPlugin, waits), children: { 'task 0': agent } },
        ends('task 0', signal === undefined ? 5 : null, signal === undefined ? { cause: 'c' } : { signal }),
        {
          children: {},
          stage: endedWith(
            'failed',
            startFailed,
            `The plug-in Watcher did not get ready: its task "agent" ${how}${signal === undefined ? ': c' : ''}`,
            { command: 'agent', exitCode: signal === undefined ? 5 : -1 },
          ),
        },
      ]
    }),
  ]
  for (const [when, situation, message, differs] of rows)
    it(when, () => {
      const from = stateIn(situation)
      assert.deepEqual(changes(from, fold(from, message, at)), differs)
    })
})

describe('a bootstrapper has', () => {
  const shared = { key: 'k', reason: '' } as const
  const startTask: BootstrapperAction = { ...shared, kind: 'startTask', planned: plannedTask }
  const startHost: BootstrapperAction = { ...shared, kind: 'startHost' }
  const tell = (message: (BootstrapperAction & { kind: 'tell' })['message'], clients: readonly string[] = ['a', 'z']) =>
    ({ ...shared, kind: 'tell', message, clients }) as const
  const terminate: BootstrapperAction = { ...shared, kind: 'terminate', children: [] }
  const done: BootstrapperOutcome = { kind: 'done' }
  const refused: BootstrapperOutcome = { kind: 'refused', message: 'no such file' }
  const unset = ['A has no value']
  const started: BootstrapperOutcome = { kind: 'started', pid: 9, unset }
  const pending = (kind: 'changing' | 'changed', incarnation = 2) =>
    tell({ kind, incarnation, path: '', simultaneous: false })
  const childOf = (what: object) => ({ host: hostChild, k: { ...what, pid: 9, startedAt: at } })
  const starting: Stage = { kind: 'starting', since: before }
  const background: PlannedTask = { ...ofPlugin, task: { ...ofPlugin.task, taskType: 'background' } }
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    action: BootstrapperAction,
    outcome: BootstrapperOutcome,
    differs: object,
  ])[] = [
    [
      'not been able to start a task',
      { stage: tasks(0) },
      startTask,
      refused,
      { stage: endedWith('failed', startFailed, 'Application startup task "setup" failed: no such file') },
    ],
    [
      'not been able to start a task of a plug-in',
      { stage: tasks(0) },
      { ...startTask, planned: ofPlugin },
      refused,
      { stage: endedWith('failed', startFailed, 'System startup task "setup" failed: no such file') },
    ],
    [
      'not been able to start the host',
      { stage: starting },
      startHost,
      refused,
      { stage: endedWith('failed', startFailed, 'no such file') },
    ],
    ['not been able to start it when it ends', { stage: ending }, startHost, refused, {}],
    ['been told nothing when it ends', { stage: ending }, terminate, done, {}],
    [
      'passed over a task',
      { stage: tasks(0), plan: withTasks(plannedTask, plannedTask) },
      startTask,
      done,
      { stage: { kind: 'tasks', next: 1, since: at } },
    ],
    ['passed over a task when it stops', { stage: stopping, plan: withTasks(plannedTask) }, startTask, done, {}],
    [
      'started a task, which the next one waits for',
      { stage: tasks(0), plan: withTasks(plannedTask, plannedTask) },
      startTask,
      started,
      { unset, children: childOf({ kind: 'simple', command: 'setup' }) },
    ],
    [
      'started a task that nobody waits for',
      { stage: tasks(0), plan: withTasks(background, plannedTask) },
      { ...startTask, planned: background },
      started,
      {
        stage: { kind: 'tasks', next: 1, since: at },
        children: childOf({ kind: 'background', command: 'setup', module: 'Watcher' }),
      },
    ],
    [
      'started a program',
      { stage: starting, saidReady: false },
      startHost,
      started,
      {
        unset,
        saidReady: true,
        stage: { kind: 'running', since: at, asked: true },
        children: childOf({ kind: 'host', command: 'node server.js' }),
      },
    ],
    [
      'started a program that will say when it is ready',
      {
        stage: starting,
        plan: { ...program, host: { kind: 'program', commandLine: 'node server.js', readyOnStart: false } },
      },
      startHost,
      started,
      {
        unset,
        saidReady: false,
        stage: { kind: 'running', since: at, asked: true },
        children: childOf({ kind: 'host', command: 'node server.js' }),
      },
    ],
    [
      'started a module',
      { stage: starting, plan: inModule, saidReady: false },
      startHost,
      started,
      {
        unset,
        saidReady: true,
        stage: { kind: 'connecting', since: at },
        children: childOf({ kind: 'host', command: 'role.js' }),
      },
    ],
    [
      'started a program when it ends',
      { stage: ending },
      startHost,
      started,
      { children: childOf({ kind: 'host', command: 'node server.js' }) },
    ],
    [
      'started a task when it stops',
      { stage: stopping, plan: withTasks(plannedTask) },
      startTask,
      started,
      { children: childOf({ kind: 'simple', command: 'setup' }) },
    ],
    ['asked for OnStart', { stage: onStart }, tell({ kind: 'onStart' }), done, { stage: { ...onStart, asked: true } }],
    ['asked for OnStart when it runs', {}, tell({ kind: 'onStart' }), done, {}],
    ['asked for Run', { stage: { ...running, asked: false } }, tell({ kind: 'run' }), done, { stage: running }],
    ['asked for Run when it stops', { stage: stopping }, tell({ kind: 'run' }), done, {}],
    [
      'said that it stops',
      { stage: stopping },
      tell({ kind: 'stop', deadline: at }),
      done,
      { stage: { ...stopping, told: true } },
    ],
    ['said that it stops, and runs', {}, tell({ kind: 'stop', deadline: at }), done, {}],
    ['asked its program to end', { stage: stopping }, terminate, done, { stage: { ...stopping, terminatedAt: at } }],
    ['asked its program to end, and runs', {}, terminate, done, {}],
    [
      'sent the first StatusCheck, and one of two has gone',
      {},
      tell({ kind: 'statusCheck', id: 5 }),
      done,
      { check: { id: 5, at, waitingFor: ['a'], busy: false, heardBusy: false, hung: false } },
    ],
    [
      'sent the next StatusCheck to a busy one',
      { check: { ...check, busy: true, heardBusy: true } },
      tell({ kind: 'statusCheck', id: 5 }),
      done,
      { check: { id: 5, at, waitingFor: ['a'], busy: true, heardBusy: false, hung: false } },
    ],
    ['passed a change on', { change: { ...change, told: false } }, pending('changing'), done, { change }],
    ['passed an older change on', { change: { ...change, told: false } }, pending('changing', 1), done, {}],
    [
      'passed a step on that is not the present one',
      { change: { ...change, told: false } },
      pending('changed'),
      done,
      {},
    ],
    ['passed a change on that is no more', {}, pending('changing'), done, {}],
    ['said where the environment lies', {}, tell({ kind: 'environment', incarnation: 1, path: '' }), done, {}],
    ['looked', {}, { ...shared, kind: 'look' }, done, {}],
  ]
  for (const [when, situation, action, outcome, differs] of rows)
    it(when, () => {
      const from = stateIn(situation)
      // A field that is undefined is not there.
      const found = changes(from, applyOutcome(from, action, outcome, at))
      assert.deepEqual(JSON.parse(JSON.stringify(found)), JSON.parse(JSON.stringify(differs)))
    })
})

describe('a change is passed on to every process of the role (U-47)', () => {
  const untold = { ...change, told: false }
  const messages = (situation: Situation) =>
    passChangeOn(stateIn(situation), at).actions.map((action) => {
      assert.ok(action.kind === 'tell')
      return [action.key, action.message.kind, action.goal?.incarnation]
    })
  const rows: readonly [when: string, situation: Situation, told: readonly unknown[]][] = [
    ['as being made, with the goal of the published protocol', { change: untold }, [['changing 2', 'changing', 2]]],
    ['as made', { change: { ...untold, step: 'changed' } }, [['changed 2', 'changed', undefined]]],
    ['once', { change }, []],
    ['and nothing where there is none', {}, []],
    ['and not while the role is to be recycled', { change: untold, recycle: { reason: '', returned: false } }, []],
    ['and not while it stops', { change: untold, stage: stopping }, []],
    ['and not once it has ended', { change: untold, stage: ending }, []],
  ]
  for (const [when, situation, found] of rows) it(when, () => assert.deepEqual(messages(situation), found))
})

describe('a role that is to stop is told so (H-27)', () => {
  const told = (more: object) => {
    const [action] = stopRole(stateIn({ stage: { ...stopping, ...more }, runtimeIncarnation: 3 }), at).actions
    return action?.kind === 'tell' && [action.key, action.goal, action.message, action.clients]
  }
  const stop = { kind: 'stop', deadline: at + 9_000 }

  it('all that it has at once, with the goal of the published protocol', () => {
    const { goal } = stateIn({})
    const { roleEnvironmentPath } = goal
    assert.deepEqual(told({}), [
      'stop',
      { incarnation: 3, expected: 'Stopped', roleEnvironmentPath, deadline: at + 9_000 },
      stop,
      ownClients(stateIn({})),
    ])
  })

  it('and who comes later by itself', () =>
    assert.deepEqual(told({ told: true, untold: ['z'] }), ['stop z', undefined, stop, ['z']]))
})

describe('with time alone', () => {
  const limit = 30_000
  const grace = 5_000
  /** What comes about, and the moment at which that is. */
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    moment: number | undefined,
    differs: Situation,
  ])[] = [
    ['a role that runs goes on', {}, undefined, {}],
    [
      'a lease ends',
      { leases: { x: lease('Busy', at + 5), y: lease('Started', at + 9) } },
      at + 5,
      { leases: { y: lease('Started', at + 9) } },
    ],
    ['a lease for ever stays', { leases: { y: lease('Started') } }, undefined, {}],
    [
      'a change that nobody answers is told as made',
      { change },
      before + limit,
      { change: { ...change, step: 'changed', told: false, waitingFor: ['a'] } },
    ],
    [
      'a change that is made and that nobody answers is accepted',
      { change: { ...change, step: 'changed' } },
      before + limit,
      { change: undefined, acceptedIncarnation: 2 },
    ],
    [
      'a change for which a lease is waited is accepted',
      {
        change: { ...change, step: 'changed', waitingFor: [] },
        clients: { p: published },
        leases: { x: lease('Started') },
      },
      before + limit,
      { change: undefined, acceptedIncarnation: 2 },
    ],
    ['a change that has not been told yet waits', { change: { ...change, told: false } }, undefined, {}],
    [
      'a StatusCheck that is not answered shows a hung role',
      { check },
      before + timers.statusCheckTimeout,
      { check: { ...check, hung: true } },
    ],
    ['a hung role stays so', { check: { ...check, hung: true } }, undefined, {}],
    ['a StatusCheck that all have answered is over', { check: { ...check, waitingFor: [] } }, undefined, {}],
    [
      'a task that takes long is named',
      { stage: tasks(0), plan: withTasks(plannedTask) },
      before + timers.longTaskAfter,
      { stage: tasks(0, { isLong: true }) },
    ],
    ['it is named once', { stage: tasks(0, { isLong: true }), plan: withTasks(plannedTask) }, undefined, {}],
    [
      'a stop ends at its deadline',
      { stage: stopping },
      at + 9_000,
      {
        stage: {
          ...endedWith('stopped', 0, ''),
          since: at + 9_000,
          exit: { why: 'stopped', code: 0, at: at + 9_000, activity: '' },
        } as Stage,
      },
    ],
    [
      'a stop ends sooner for a program that has said that it is stopped',
      { stage: { ...stopping, told: true, terminatedAt: before } },
      before + grace,
      {
        stage: {
          kind: 'ending',
          since: before + grace,
          exit: { why: 'stopped', code: 0, at: before + grace, activity: '' },
        },
      },
    ],
  ]
  for (const [when, situation, moment, differs] of rows)
    it(when, () => {
      const from = stateIn(situation)
      assert.equal(nextMoment(from), moment)
      const then = moment ?? at + 1_000_000
      assert.deepEqual(changes(from, advance(from, then)), differs)
      if (moment === undefined) return
      assert.deepEqual(changes(from, advance(from, moment - 1)), {}, 'not before')
      assert.deepEqual(
        decide(from, 'role', moment).actions.map(({ kind }) => kind),
        ['look'],
      )
      assert.equal(decide(from, 'role', moment - 1).wakeAt, moment)
    })

  it('a stop does not end sooner for who has not spoken, while a foreground task lives, nor after its deadline', () => {
    const terminated: Stage = { ...stopping, told: true, terminatedAt: before }
    assert.equal(nextMoment(stateIn({ stage: terminated, clients: {} })), at + 9_000)
    assert.equal(nextMoment(stateIn({ stage: terminated, children: { 'task 0': foreground } })), at + 9_000)
    assert.equal(nextMoment(stateIn({ stage: { ...terminated, terminatedAt: at + 8_000 } })), at + 9_000)
  })

  it('of several moments the first counts', () => {
    assert.equal(
      nextMoment(stateIn({ change, check, leases: { x: lease('Busy', at + 90_000) } })),
      before + Math.min(limit, timers.statusCheckTimeout),
    )
  })

  it('a lease that asks for it has the role recycled while it runs, and no other time', () => {
    const leases = { x: lease('Recycle') }
    for (const [situation, recycle] of [
      [{ leases }, asksRecycle],
      [
        { leases, recycle: { reason: 'x', returned: true } },
        { reason: 'x', returned: true },
      ],
      [{ leases, stage: onStart }, undefined],
      [{ leases: { x: lease('Busy') } }, undefined],
    ] as const)
      assert.deepEqual(advance(stateIn(situation), at).recycle, recycle)
  })
})

describe('while the role could not be heard it is given that time', () => {
  const ms = 400
  const later = { since: before + ms }
  const rows: readonly (readonly [what: string, situation: Situation, differs: object])[] = [
    ['to run its tasks', { stage: tasks(0, { isLong: true }) }, { stage: tasks(0, { ...later, isLong: true }) }],
    ['to start', { stage: onStart }, { stage: { ...onStart, ...later } }],
    [
      'to stop, up to a later deadline',
      { stage: { ...stopping, terminatedAt: at } },
      { stage: { ...stopping, ...later, deadline: at + 9_000 + ms, terminatedAt: at + ms } },
    ],
    [
      'to take a change in, and to answer a StatusCheck',
      { change, check },
      { stage: { ...running, ...later }, change: { ...change, ...later }, check: { ...check, at: before + ms } },
    ],
  ]
  for (const [what, situation, differs] of rows)
    it(`${what} (H-37)`, () => {
      const from = stateIn(situation)
      assert.deepEqual(changes(from, lapsed(from, ms)), differs)
    })
})

describe('what the role is said to be', () => {
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    status: 'Busy' | 'Ready',
    phase: string,
    activity: string,
  ])[] = [
    ['it runs', {}, 'Ready', 'Waiting for role to start', ''],
    ['its host process has ended', { children: {} }, 'Busy', 'Waiting for role to start', 'System is initializing'],
    [
      'its host process has ended, and why',
      { children: { 'task 0': foreground }, recycle: { reason: 'The program ended.', returned: true } },
      'Busy',
      'Waiting for role to start',
      'The program ended',
    ],
    [
      'it has not said that it is ready',
      { saidReady: false },
      'Busy',
      'Waiting for role to start',
      'The program has not reported that it is ready',
    ],
    [
      'it hangs',
      { check: { ...check, hung: true, busy: true } },
      'Busy',
      'Waiting for role to start',
      'The role does not answer its StatusCheck',
    ],
    [
      'it says that it is busy',
      { check: { ...check, busy: true } },
      'Busy',
      'Waiting for role to start',
      'The role reports that it is busy',
    ],
    [
      'a lease is Busy',
      { leases: { x: lease('Busy') } },
      'Busy',
      'Waiting for role to start',
      'The role reports that it is busy',
    ],
    ['it stops', { stage: stopping, check: { ...check, busy: true } }, 'Busy', 'Starting role', 'The role is stopping'],
    ['it ends', { stage: ending }, 'Busy', 'Starting role', 'The role is stopping'],
    ['it connects', { stage: connecting }, 'Busy', 'Starting role', 'System is initializing'],
    [
      'its tasks run',
      { stage: tasks(0), plan: withTasks(plannedTask) },
      'Busy',
      'Waiting for role to start',
      'Application startup tasks are running',
    ],
    [
      'those of a plug-in run',
      { stage: tasks(0), plan: withTasks(ofPlugin) },
      'Busy',
      'Waiting for role to start',
      'System startup tasks are running',
    ],
    [
      'one of them takes long',
      { stage: tasks(0, { isLong: true }), plan: withTasks(plannedTask) },
      'Busy',
      'Waiting for role to start',
      'Application startup tasks are running: "setup" has not ended',
    ],
    [
      'something was thrown',
      { thrown: 'TypeError: x' },
      'Ready',
      'Waiting for role to start',
      'The bootstrapper has a defect and tries again: TypeError: x',
    ],
  ]
  for (const [when, situation, status, phase, activity] of rows)
    it(`when ${when}: ${status}`, () => {
      const said = reportOf(stateIn(situation))
      assert.deepEqual([said.status, said.phase, said.activity], [status, phase, activity])
    })
})

describe('what a bootstrapper does next', () => {
  const lines = (situation: Situation, now = at) =>
    decide(stateIn({ check: { ...check, at: now, waitingFor: [] }, ...situation }), 'role', now).actions.map(
      (action) => {
        const more =
          action.kind === 'tell'
            ? action.clients
            : action.kind === 'terminate'
              ? action.children
              : action.kind === 'end'
                ? [action.exit.why]
                : []
        return [action.key, action.reason, ...more]
      },
    )
  const told: Stage = { ...stopping, told: true }
  const host = { ...own, host: true }
  const rows: readonly (readonly [when: string, situation: Situation, does: readonly (readonly string[])[]])[] = [
    ['it runs', {}, []],
    [
      'its first task is next',
      { stage: tasks(0), plan: withTasks(plannedTask, plannedTask) },
      [['task 0', 'Startup task 1 of 2 is next.']],
    ],
    ['its task runs', { stage: tasks(0), plan: withTasks(plannedTask), children: { 'task 0': simple } }, []],
    [
      'its tasks are over',
      { stage: { kind: 'starting', since: at } },
      [['host', 'All startup tasks have returned success.']],
    ],
    [
      'its module is there',
      { plan: inModule, stage: onStart, clients: { a: own, h: host } },
      [['onStart', 'The host process is there.', 'h']],
    ],
    ['OnStart was asked for', { plan: inModule, stage: { ...onStart, asked: true }, clients: { h: host } }, []],
    [
      'its module is to run',
      { plan: inModule, stage: { ...running, asked: false }, clients: { a: own, h: host } },
      [['run', 'OnStart returned true.', 'h']],
    ],
    ['its program is not asked', { stage: { ...running, asked: false } }, []],
    ['it stops', { stage: stopping, clients: { a: own, p: published } }, [['stop', 'The goal is Stopped.', 'a']]],
    ['somebody has not stopped', { stage: told }, []],
    [
      'all have stopped',
      { stage: told, clients: { a: { ...own, stopped: true } } },
      [['terminate', 'No process of the role has anything left to do.', 'host']],
    ],
    ['its module has stopped', { plan: inModule, stage: told, clients: { a: { ...own, stopped: true } } }, []],
    [
      'its program was asked to end',
      { stage: { ...told, terminatedAt: at }, clients: { a: { ...own, stopped: true } } },
      [],
    ],
    [
      'a client has not acquired Stopped',
      { stage: told, clients: { p: published }, leases: { x: lease('Started') } },
      [],
    ],
    ['it has ended', { stage: endedWith('stopped', 0, '') }, [['end', 'The role has stopped.', 'stopped']]],
    ['it has failed', { stage: endedWith('failed', 1, 'no such file') }, [['end', 'no such file', 'failed']]],
    [
      'a change comes',
      { change: { ...change, told: false }, clients: { a: own, p: published } },
      [['changing 2', 'The configuration has changed.', 'a']],
    ],
    ['a change comes while it recycles', { change: { ...change, told: false }, recycle: asksRecycle }, []],
    [
      'a StatusCheck is due',
      { check: { ...check, waitingFor: [], at: at - timers.statusCheckInterval } },
      [['statusCheck 5', 'StatusCheck is due.', 'a']],
    ],
    [
      'the first StatusCheck is due',
      { check: undefined, stage: { ...running, since: at - timers.statusCheckInterval } },
      [['statusCheck 1', 'StatusCheck is due.', 'a']],
    ],
    [
      'nobody can be asked',
      { check: undefined, stage: { ...running, since: at - timers.statusCheckInterval }, clients: { p: published } },
      [],
    ],
  ]
  for (const [when, situation, does] of rows) it(`when ${when}`, () => assert.deepEqual(lines(situation), does))
})

it('the log of the bootstrapper says of a status what the guest agent is told', () => {
  const said = {
    status: 'Busy',
    phase: 'Starting role',
    activity: 'It starts',
    since: 0,
    acceptedIncarnation: 3,
  } as const
  const recycle = { reason: 'The role asked for it.', returned: false }
  assert.deepEqual([said, { ...said, recycle }, { ...said, status: 'Ready', activity: '' } as const].map(statusLine), [
    'Role status is Busy for incarnation 3. Starting role... It starts.',
    'Role status is Busy for incarnation 3. Starting role... It starts. The role asked for it.',
    'Role status is Ready for incarnation 3.',
  ])
})
