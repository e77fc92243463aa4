/** The children of a bootstrapper: each is known until its end is heard (F-17), and what that end means is a row (H-11, H-27, S-20 to S-26). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { BootstrapperAction } from '../../src/guest/bootstrapper/action.ts'
import { bootstrapper } from '../../src/guest/bootstrapper/agent.ts'
import { type ChildKind, meanings } from '../../src/guest/bootstrapper/children.ts'
import type { BootstrapperGoal } from '../../src/guest/bootstrapper/protocol.ts'
import type { BootstrapperMessage } from '../../src/guest/bootstrapper/receive.ts'
import { reportOf } from '../../src/guest/bootstrapper/report.ts'
import type { BootstrapperOutcome } from '../../src/guest/bootstrapper/settle.ts'
import { type BootstrapperState, firstState } from '../../src/guest/bootstrapper/state.ts'
import type { Ended } from '../../src/guest/startup-tasks/runner.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import type { StartupTask } from '../../src/service-model/definition.ts'
import type { PlannedTask, RolePlan } from '../../src/service-model/role-plan.ts'

const at = 1_000_000
const success: Ended = { code: 0, signal: null }
const failure: Ended = { code: 3, signal: null }

const goal: BootstrapperGoal = {
  incarnation: 1,
  state: 'Started',
  roleEnvironmentPath: '/c/1.xml',
  simultaneous: false,
}
const stop: BootstrapperMessage = { kind: 'goal', goal: { ...goal, incarnation: 2, state: 'Stopped' } }

/** A task of that type, or the web server of a web role. */
type Step = StartupTask['taskType'] | 'W3SVC'

function taskOf(step: Step): PlannedTask {
  const taskType = step === 'W3SVC' ? 'background' : step
  const task = { commandLine: step, executionContext: 'limited', taskType, environment: [] } as const
  if (step === 'W3SVC') return { kind: 'platform', task, module: step, program: step }
  return { kind: 'command', task, directory: 'approot' }
}

const program: RolePlan['host'] = { kind: 'program', commandLine: 'host', readyOnStart: true }

/** A role and its processes: an action is done when the test says so. */
function world(tasks: readonly Step[], host = program) {
  const plan: RolePlan = { tasks: tasks.map(taskOf), host, variables: [], flavour: 'stream' }
  let state: BootstrapperState = firstState({ ok: true, plan }, goal, timerDefaults, at)
  let now = at
  let pids = 0
  const inFlight = new Map<string, BootstrapperAction>()
  const living = new Map<string, number>()
  const done: string[] = []

  function decide(): void {
    for (const action of bootstrapper.decide(state, 'role', now).actions) inFlight.set(action.key, action)
  }

  /** Carries out what has been decided longest ago. */
  function act(): boolean {
    const [action] = inFlight.values()
    if (!action || action.kind === 'end') return false
    const starts = action.kind === 'startTask' || action.kind === 'startHost'
    if (starts) living.set(action.key, ++pids)
    inFlight.delete(action.key)
    done.push(action.kind === 'terminate' ? [action.kind, ...action.children].join(' ') : action.key)
    const outcome: BootstrapperOutcome = starts ? { kind: 'started', pid: pids } : { kind: 'done' }
    state = bootstrapper.settle(state, action, outcome, now).state
    decide()
    return true
  }

  function hear(message: BootstrapperMessage): void {
    state = bootstrapper.receive(state, message, now).state
    decide()
  }

  decide()
  return {
    living,
    done,
    state: () => state,
    act,
    hear,
    actAll() {
      for (let round = 0; act(); round++) assert.ok(round < 100, 'it acts in a circle')
    },
    end(key: string, ended: Ended) {
      living.delete(key)
      hear({ kind: 'childEnded', child: key, ended })
    },
    wait(ms: number) {
      now += ms
      decide()
    },
  }
}

/** What a test sees of a state: what runs, and what comes next. */
function pictureOf(state: BootstrapperState) {
  const { stage, children } = state
  const said = stage.kind === 'ending' ? stage.exit.activity : reportOf(state).recycle?.reason
  return [stage.kind, Object.keys(children), ...(said ? [said] : [])]
}

describe('the end of a child', () => {
  interface Row {
    /** Tasks before the host process, and the child that ends. */
    readonly tasks: readonly Step[]
    readonly child: string
    readonly atSuccess: readonly unknown[]
    readonly atFailure: readonly unknown[]
    /** Once it has been started: what is told or killed at a stop, and what stands then. */
    readonly atStop: readonly unknown[]
  }
  const rows: Readonly<Record<ChildKind, Row>> = {
    host: {
      tasks: [],
      child: 'host',
      atSuccess: ['running', [], 'The program ended with exit code 0.'],
      atFailure: ['running', [], 'The program ended with exit code 3.'],
      atStop: ['stopping', ['host']],
    },
    simple: {
      tasks: ['simple', 'simple'],
      child: 'task 0',
      atSuccess: ['tasks', ['task 1']],
      atFailure: ['ending', [], 'Application startup task "simple" failed with exit code 3'],
      atStop: ['ending', ['task 0']],
    },
    background: {
      tasks: ['background', 'simple'],
      child: 'task 0',
      atSuccess: ['tasks', ['task 1']],
      atFailure: ['tasks', ['task 1']],
      atStop: ['ending', ['task 0', 'task 1']],
    },
    foreground: {
      tasks: ['foreground', 'simple'],
      child: 'task 0',
      atSuccess: ['tasks', ['task 1']],
      atFailure: ['tasks', ['task 1']],
      atStop: ['stopping', ['task 0', 'task 1']],
    },
    webServer: {
      tasks: ['W3SVC', 'simple'],
      child: 'task 0',
      atSuccess: ['ending', ['task 1'], 'W3SVC ended with exit code 0'],
      atFailure: ['ending', ['task 1'], 'W3SVC ended with exit code 3'],
      atStop: ['stopping', ['task 0', 'task 1']],
    },
  }
  for (const kind of Object.keys(meanings) as ChildKind[]) {
    const { tasks, child, atSuccess, atFailure, atStop } = rows[kind]
    const begun = () => {
      const one = world(tasks)
      one.actAll()
      assert.equal(one.state().children[child]?.kind, kind)
      return one
    }
    it(`of the kind ${kind}: ${meanings[kind].ends} ends with it; at a stop it is ${meanings[kind].atStop}`, () => {
      for (const [ended, expected] of [
        [success, atSuccess],
        [failure, atFailure],
      ] as const) {
        const one = begun()
        one.end(child, ended)
        one.actAll()
        assert.deepEqual(pictureOf(one.state()), expected)
      }
      const one = begun()
      one.hear(stop)
      assert.deepEqual(pictureOf(one.state()), atStop)
    })
  }

  it('that nothing waits for does not hold the host process up, nor touch it (S-21, H-11)', () => {
    const one = world(['background', 'foreground'])
    one.actAll()
    assert.deepEqual(one.done, ['task 0', 'task 1', 'host'])
    assert.equal(reportOf(one.state()).status, 'Ready')
    one.end('task 0', failure)
    one.end('task 1', { code: null, signal: 'SIGKILL' })
    assert.deepEqual(pictureOf(one.state()), ['running', ['host']])
    assert.equal(reportOf(one.state()).status, 'Ready')
  })
})

describe('a stop', () => {
  const running = () => {
    const one = world(['background', 'foreground'])
    one.actAll()
    one.done.length = 0
    one.hear(stop)
    one.actAll()
    return one
  }

  it('asks the host process alone to end, waits for foreground tasks after it, and for no other (H-27)', () => {
    const one = running()
    assert.deepEqual(one.done, ['stop', 'terminate host'])
    one.end('host', success)
    assert.deepEqual(pictureOf(one.state()), ['stopping', ['task 0', 'task 1']])
    one.end('task 1', failure)
    const { stage } = one.state()
    assert.ok(stage.kind === 'ending')
    assert.deepEqual([stage.exit.why, stage.exit.code], ['stopped', 0])
  })

  it('waits for the host process after the foreground task too', () => {
    const one = running()
    one.end('task 1', success)
    assert.equal(one.state().stage.kind, 'stopping')
    one.end('host', success)
    assert.equal(one.state().stage.kind, 'ending')
  })

  it('does not wait for a host process that has not connected, for it hears nothing, but for foreground tasks it does (H-30)', () => {
    const stoppedWhileConnecting = (tasks: readonly StartupTask['taskType'][]) => {
      const one = world(tasks, { kind: 'module', module: 'role.js', process: 'WaWorkerHost' })
      one.actAll()
      assert.equal(one.state().stage.kind, 'connecting')
      one.hear(stop)
      return one.state().stage.kind
    }
    assert.equal(stoppedWhileConnecting(['background']), 'ending')
    assert.equal(stoppedWhileConnecting(['foreground']), 'stopping')
  })

  it('is told to the web server also when that connects only then, once, and waits until it has ended (I-2)', () => {
    const one = world(['W3SVC', 'simple'])
    one.actAll()
    one.done.length = 0
    one.hear(stop)
    one.actAll()
    one.hear({ kind: 'connected', client: 'own 1', protocol: 'own' })
    one.actAll()
    assert.deepEqual(
      one.done.filter((what) => what.startsWith('stop')),
      ['stop', 'stop own 1'],
    )
    one.end('task 0', success)
    assert.equal(one.state().stage.kind, 'ending')
  })

  it('gives a foreground task until the deadline, and no longer, whoever else has stopped (H-28)', () => {
    const one = running()
    one.hear({ kind: 'connected', client: 'a', protocol: 'own' })
    one.end('host', success)
    one.wait(timerDefaults.onStopLimit - 1)
    one.actAll()
    assert.equal(one.state().stage.kind, 'stopping')
    one.wait(1)
    one.actAll()
    assert.equal(one.state().stage.kind, 'ending')
  })
})

describe('last words', () => {
  const child = (kind: ChildKind, module?: string) => ({ kind, command: '', module, pid: 1, startedAt: at })
  const children = {
    'task 0': child('background', 'diagnostics'),
    'task 1': child('background', 'RemoteForwarder'),
    'task 2': child('background', 'Theirs'),
    'task 3': child('background'),
  }
  const rows: readonly (readonly [
    when: string,
    restarts: boolean | undefined,
    why: 'stopped' | 'failed',
    who: unknown,
  ])[] = [
    ['the role stops for longer', false, 'stopped', ['task 0']],
    ['an older guest agent does not say for how long', undefined, 'stopped', ['task 0']],
    ['it starts again at once', true, 'stopped', []],
    ['it has failed', false, 'failed', []],
  ]
  for (const [when, restarts, why, who] of rows)
    it(`has who would lose what is not transferred, when ${when} (P-14)`, () => {
      const exit = { why, code: 0, at, activity: '' }
      const state = world([]).state()
      const ending = {
        ...state,
        children,
        goal: { ...goal, restarts },
        stage: { kind: 'ending', since: at, exit } as const,
      }
      assert.deepEqual(
        bootstrapper.decide(ending, 'role', at).actions.map((action) => action.kind === 'end' && action.lastWords),
        [who],
      )
    })
})

it('no child is forgotten: from its start until its end is heard it is in the table, whatever happens (F-17)', () => {
  const taskTypes = fc.array(fc.constantFrom<StartupTask['taskType'][]>('simple', 'background', 'foreground'), {
    maxLength: 4,
  })
  const hosts = fc.constantFrom<RolePlan['host'][]>(program, {
    kind: 'module',
    module: 'role.js',
    process: 'WaWorkerHost',
  })
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'act' } as const) },
    fc.record({ kind: fc.constant('end' as const), nth: fc.nat(5), ended: fc.constantFrom(success, failure) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(timerDefaults.onStopLimit) }),
    fc
      .constantFrom<BootstrapperMessage[]>(
        stop,
        { kind: 'connected', client: 'a', protocol: 'own' },
        { kind: 'gone', client: 'a' },
        { kind: 'said', client: 'a', message: { kind: 'hello', host: true } },
        { kind: 'said', client: 'a', message: { kind: 'onStartEnded', result: true } },
        { kind: 'said', client: 'a', message: { kind: 'requestRecycle' } },
        { kind: 'childEnded', child: 'nobody', ended: failure },
      )
      .map((message) => ({ kind: 'hear' as const, message })),
  )
  const seen = new Set<string>()
  fc.assert(
    fc.property(taskTypes, hosts, fc.array(event, { maxLength: 40 }), (tasks, host, events) => {
      const one = world(tasks, host)
      for (const happens of events) {
        if (happens.kind === 'act') one.act()
        else if (happens.kind === 'wait') one.wait(happens.ms)
        else if (happens.kind === 'hear') one.hear(happens.message)
        else {
          const keys = [...one.living.keys()]
          const key = keys[happens.nth % keys.length]
          if (key !== undefined) one.end(key, happens.ended)
        }
        const { children, stage } = one.state()
        const known = Object.entries(children).map(([key, { pid }]) => [key, pid])
        assert.deepEqual(known, [...one.living])
        seen.add(`${stage.kind} ${known.length}`)
      }
      const started = one.done.filter((key) => key === 'host' || key.startsWith('task '))
      assert.deepEqual(started, [...new Set(started)], 'nothing is started twice')
    }),
    { numRuns: 500 },
  )
  for (const stage of ['tasks 1', 'running 2', 'stopping 2', 'ending 2']) assert.ok(seen.has(stage), `never ${stage}`)
})

it('whatever starts no child knows none after it, however it ended; a child is known under the key of its action', () => {
  const shared = { key: 'k', reason: '' } as const
  const [planned] = [taskOf('simple')]
  const actions: readonly BootstrapperAction[] = [
    { ...shared, kind: 'startTask', planned },
    { ...shared, kind: 'startHost' },
    { ...shared, kind: 'tell', message: { kind: 'stop', deadline: at }, clients: [] },
    { ...shared, kind: 'terminate', children: [] },
    { ...shared, kind: 'look' },
    { ...shared, kind: 'end', exit: { why: 'stopped', code: 0, at, activity: '' }, lastWords: [] },
  ]
  for (const action of actions) {
    const before = world([]).state()
    const after = bootstrapper.settle(before, action, { kind: 'started', pid: 7 }, at).state
    const starts = action.kind === 'startTask' || action.kind === 'startHost'
    assert.deepEqual(Object.keys(after.children), starts ? ['k'] : [], action.kind)
    if (!starts) assert.equal(after, before)
  }
})
