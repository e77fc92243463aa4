/** How a change goes through the processes of a role, and who is waited for: a row is who is there and what comes (U-47 to U-53, role-runtime.md 6.7). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { BootstrapperAction } from '../../src/guest/bootstrapper/action.ts'
import { bootstrapper } from '../../src/guest/bootstrapper/agent.ts'
import type { BootstrapperGoal } from '../../src/guest/bootstrapper/protocol.ts'
import type { BootstrapperMessage } from '../../src/guest/bootstrapper/receive.ts'
import { reportOf } from '../../src/guest/bootstrapper/report.ts'
import { type BootstrapperState, firstState } from '../../src/guest/bootstrapper/state.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import type { StartupTask } from '../../src/service-model/definition.ts'
import type { RoleModel } from '../../src/service-model/role-model.ts'
import { type PlannedTask, planRole, type RolePlan } from '../../src/service-model/role-plan.ts'

const at = 1_000_000

const program: RolePlan = {
  tasks: [],
  host: { kind: 'program', commandLine: 'node server.js', readyOnStart: true },
  variables: [],
  flavour: 'stream',
}

function goal(incarnation: number, change: Partial<BootstrapperGoal> = {}): BootstrapperGoal {
  return {
    incarnation,
    state: 'Started',
    roleEnvironmentPath: `/c/Config/${incarnation}.xml`,
    simultaneous: false,
    ...change,
  }
}

/** What the processes of the role would notice. */
function lineOf(action: BootstrapperAction): string | undefined {
  if (action.kind === 'terminate' || action.kind === 'end') return action.kind
  if (action.kind !== 'tell' || action.message.kind === 'statusCheck') return undefined
  return [action.message.kind, ...action.clients].join(' ')
}

/** A role with one agent and no world: what is decided is done at once, and written down. */
function role(plan: Partial<RolePlan> = {}) {
  let state: BootstrapperState = firstState({ ok: true, plan: { ...program, ...plan } }, goal(1), timerDefaults, at)
  const told: string[] = []
  const settle = (now: number) => {
    for (let round = 0; round < 100; round++) {
      const { actions } = bootstrapper.decide(state, 'role', now)
      if (actions.length === 0) return
      for (const action of actions) {
        const line = lineOf(action)
        if (line !== undefined) told.push(line)
        if (action.kind === 'end') return
        const outcome = action.kind === 'startHost' ? { kind: 'started' as const, pid: 7 } : { kind: 'done' as const }
        state = bootstrapper.settle(state, action, outcome, now).state
      }
    }
    assert.fail('it decides in a circle')
  }
  settle(at)
  told.length = 0
  return {
    told,
    state: () => state,
    hear(message: BootstrapperMessage, now = at) {
      state = bootstrapper.receive(state, message, now).state
      settle(now)
    },
    wait(ms: number) {
      settle(at + ms)
    },
    accepted: () => reportOf(state).acceptedIncarnation,
  }
}

const connected = (client: string, protocol: 'own' | 'published'): BootstrapperMessage => ({
  kind: 'connected',
  client,
  protocol,
})
const gone = (client: string): BootstrapperMessage => ({ kind: 'gone', client })
const want = (incarnation: number, change = {}): BootstrapperMessage => ({
  kind: 'goal',
  goal: goal(incarnation, change),
})
const acquire = (
  clientId: string,
  incarnation: number,
  status: 'Started' | 'Recycle' | 'Stopped' = 'Started',
): BootstrapperMessage => ({
  kind: 'lease',
  report: { kind: 'acquire', clientId, incarnation, status, expires: Number.POSITIVE_INFINITY },
})
const answers = (client: string, kind: 'changingEnded' | 'changedEnded', incarnation: number, cancel = false) =>
  ({
    kind: 'said',
    client,
    message: kind === 'changingEnded' ? { kind, incarnation, cancel } : { kind, incarnation },
  }) as const

it('a change that has been replaced while it was told is not told thereby: the next one is (U-47)', () => {
  const own = [connected('a', 'own'), acquire('a', 1)]
  const begin = (incarnation: number, from: BootstrapperState) =>
    bootstrapper.receive(from, want(incarnation, { simultaneous: false }), at).state
  let state: BootstrapperState = firstState({ ok: true, plan: program }, goal(1), timerDefaults, at)
  for (const message of own) state = bootstrapper.receive(state, message, at).state
  const tells = (of: BootstrapperState) => bootstrapper.decide(of, 'role', at).actions.map(lineOf)
  const second = begin(2, state)
  const [action] = bootstrapper.decide(second, 'role', at).actions.filter(({ kind }) => kind === 'tell')
  assert.ok(action)
  const third = begin(3, second)
  const before = tells(third)
  assert.deepEqual(tells(bootstrapper.settle(third, action, { kind: 'done' }, at).state), before)
})

describe('the background task of a plug-in that ends while startup tasks run (P-8)', () => {
  const task = (commandLine: string, taskType: StartupTask['taskType'], module?: string): PlannedTask => ({
    kind: 'command',
    task: { commandLine, taskType, executionContext: 'limited', environment: [] },
    directory: 'approot',
    module,
  })
  const agent = task('agent.sh', 'background', 'Watcher')
  const waits = task('agent.sh /blockStartup', 'simple', 'watcher')
  const rows: readonly {
    readonly when: string
    readonly tasks: readonly PlannedTask[]
    readonly code: number
    readonly fails: boolean
  }[] = [
    { when: 'fails before it is ready', tasks: [agent, waits], code: 5, fails: true },
    { when: 'ends with 0', tasks: [agent, waits], code: 0, fails: false },
    { when: 'fails, and no other waits for it', tasks: [agent, task('setup.sh', 'simple')], code: 5, fails: false },
    {
      when: 'fails, and another plug-in is waited for',
      tasks: [agent, task('agent.sh /blockStartup', 'simple', 'Other')],
      code: 5,
      fails: false,
    },
    {
      when: 'of the role itself fails',
      tasks: [task('agent.sh', 'background'), task('agent.sh /blockStartup', 'simple')],
      code: 5,
      fails: false,
    },
  ]
  for (const { when, tasks, code, fails } of rows)
    it(`${when}: ${fails ? 'the start ends' : 'the start goes on'}`, () => {
      let state: BootstrapperState = firstState({ ok: true, plan: { ...program, tasks } }, goal(1), timerDefaults, at)
      for (let started = 0; started < 2; started++) {
        const [action] = bootstrapper.decide(state, 'role', at).actions
        assert.ok(action?.kind === 'startTask')
        state = bootstrapper.settle(state, action, { kind: 'started', pid: 7 + started }, at).state
      }
      const ended = { kind: 'childEnded', child: 'task 0', ended: { code, signal: null } } as const
      state = bootstrapper.receive(state, ended, at).state
      assert.equal(state.stage.kind, fails ? 'ending' : 'tasks')
    })
})

describe('a change is accepted', () => {
  const rows: readonly {
    readonly when: string
    readonly plan?: Partial<RolePlan>
    readonly hears: readonly BootstrapperMessage[]
    readonly accepted: number
  }[] = [
    { when: 'no process of the role listens: at once', hears: [want(2)], accepted: 2 },
    {
      when: 'the same document comes under a higher incarnation: at once',
      hears: [want(2, { roleEnvironmentPath: '/c/Config/1.xml' })],
      accepted: 2,
    },
    { when: 'an own client has not answered: not yet', hears: [connected('a', 'own'), want(2)], accepted: 1 },
    {
      when: 'it has answered Changing alone: not yet',
      hears: [connected('a', 'own'), want(2), answers('a', 'changingEnded', 2)],
      accepted: 1,
    },
    {
      when: 'it has answered Changed too',
      hears: [connected('a', 'own'), want(2), answers('a', 'changingEnded', 2), answers('a', 'changedEnded', 2)],
      accepted: 2,
    },
    { when: 'it has gone instead', hears: [connected('a', 'own'), want(2), gone('a')], accepted: 2 },
    {
      when: 'a published client without a lease listens: at once, for it sends nothing',
      hears: [connected('p', 'published'), want(2)],
      accepted: 2,
    },
    {
      when: 'one with a lease has not acquired it again: not yet',
      hears: [connected('p', 'published'), acquire('x', 1), want(2)],
      accepted: 1,
    },
    { when: 'it has', hears: [connected('p', 'published'), acquire('x', 1), want(2), acquire('x', 2)], accepted: 2 },
    {
      when: 'the holder of a lease has hung up: at once',
      hears: [connected('p', 'published'), acquire('x', 1), gone('p'), want(2)],
      accepted: 2,
    },
    {
      when: 'it hangs up while it is waited for',
      hears: [connected('p', 'published'), acquire('x', 1), want(2), gone('p')],
      accepted: 2,
    },
    {
      when: 'of two holders the one that listens has acquired',
      hears: [connected('p', 'published'), acquire('x', 1), acquire('y', 1), want(2), acquire('y', 2)],
      accepted: 2,
    },
    {
      when: 'both listen, and one has not',
      hears: [
        connected('p', 'published'),
        connected('q', 'published'),
        acquire('x', 1),
        acquire('y', 1),
        want(2),
        acquire('y', 2),
      ],
      accepted: 1,
    },
    {
      when: 'a holder that reads files, where nobody is seen, has not: not yet',
      plan: { flavour: 'file' },
      hears: [acquire('x', 1), want(2)],
      accepted: 1,
    },
    {
      when: 'a newer one comes first: the older counts no more',
      hears: [
        connected('a', 'own'),
        want(2),
        want(3),
        answers('a', 'changingEnded', 2),
        answers('a', 'changedEnded', 2),
      ],
      accepted: 1,
    },
    {
      when: 'the newer one is answered',
      hears: [
        connected('a', 'own'),
        want(2),
        want(3),
        answers('a', 'changingEnded', 3),
        answers('a', 'changedEnded', 3),
      ],
      accepted: 3,
    },
  ]
  for (const { when, plan, hears, accepted } of rows)
    it(`when ${when}`, () => {
      const { hear, accepted: found } = role(plan)
      for (const message of hears) hear(message)
      assert.equal(found(), accepted)
    })

  it('when nobody answers for 30 s (role-runtime.md 6, rule 7)', () => {
    const { hear, wait, accepted, told } = role()
    hear(connected('a', 'own'))
    hear(want(2))
    wait(29_999)
    assert.deepEqual([accepted(), told], [1, ['changing a']])
    wait(30_000)
    assert.equal(accepted(), 2)
    assert.deepEqual(told.slice(0, 2), ['changing a', 'changed a'])
  })
})

describe('a change that is refused', () => {
  it('by an own client makes the role recycle; Changed is not raised (U-48)', () => {
    const { hear, told, state, accepted } = role()
    hear(connected('a', 'own'))
    hear(want(2))
    hear(answers('a', 'changingEnded', 2, true))
    assert.deepEqual([told, accepted()], [['changing a'], 1])
    assert.deepEqual(reportOf(state()).recycle, { reason: 'The role cancelled Changing.', returned: false })
  })

  it('by a published client too: it acquires Recycle', () => {
    const { hear, state } = role()
    hear(connected('p', 'published'))
    hear(want(2))
    hear(acquire('x', 2, 'Recycle'))
    assert.equal(reportOf(state()).recycle?.returned, false)
  })
})

describe('the time in the details of a busy role (T-6)', () => {
  const moment = (state: BootstrapperState) => {
    const { status, activity, since } = reportOf(state)
    return [status, activity, since - at]
  }
  const busy = (clientId: string, expires: number): BootstrapperMessage => ({
    kind: 'lease',
    report: { kind: 'acquire', clientId, incarnation: 1, status: 'Busy', expires },
  })

  it('is when it became busy, not when it was started, and when it became Ready again', () => {
    const { hear, wait, state } = role()
    hear(connected('p', 'published'))
    hear(busy('x', at + 90_000), at + 60_000)
    assert.deepEqual(moment(state()), ['Busy', 'The role reports that it is busy', 60_000])
    hear(busy('x', at + 100_000), at + 80_000)
    assert.deepEqual(moment(state()), ['Busy', 'The role reports that it is busy', 60_000])
    wait(100_000)
    assert.deepEqual(moment(state()), ['Ready', '', 100_000])
  })

  it('changes when the status or the sentence does, and never else', () => {
    const client = fc.constantFrom('a', 'b')
    const messages = fc.oneof(
      client.map((id) => connected(id, 'own')),
      client.map(gone),
      fc.tuple(client, fc.constantFrom('Busy', 'Started', 'Recycle', 'Stopped'), fc.nat(50_000)).map(
        ([clientId, status, ms]): BootstrapperMessage => ({
          kind: 'lease',
          report: { kind: 'acquire', clientId, incarnation: 1, status, expires: at + ms },
        }),
      ),
      fc.tuple(client, fc.nat(5), fc.boolean()).map(
        ([id, check, isBusy]): BootstrapperMessage => ({
          kind: 'said',
          client: id,
          message: { kind: 'status', id: check, busy: isBusy },
        }),
      ),
      fc.nat(5).map((incarnation) => want(incarnation)),
    )
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(messages, fc.nat(20_000)), { maxLength: 30 }),
        fc.boolean(),
        (heard, readyOnStart) => {
          let state = role({ host: { kind: 'program', commandLine: 'x', readyOnStart } }).state()
          let now = at
          const saying = ({ status, phase, activity }: ReturnType<typeof reportOf>) => [status, phase, activity].join()
          const follow = (next: BootstrapperState) => {
            const [before, after] = [reportOf(state), reportOf(next)]
            assert.equal(after.since, saying(before) === saying(after) ? before.since : now)
            seen.add(saying(after))
            state = next
          }
          for (const [message, ms] of heard) {
            now += ms
            follow(bootstrapper.receive(state, message, now).state)
            for (const action of bootstrapper.decide(state, 'role', now).actions)
              if (action.kind !== 'end') follow(bootstrapper.settle(state, action, { kind: 'done' }, now).state)
          }
        },
      ),
      // Seldom did a hundred runs see no more than three of the standings.
      { numRuns: 400 },
    )
    assert.ok(seen.size > 3, `only ${[...seen].join(' | ')}`)
  })

  it('is when a defect was noticed', () => {
    const { state } = role()
    const set = bootstrapper.setAside(state(), 'role', 'Error: x', at + 5_000).state
    assert.equal(reportOf(set).since, at + 5_000)
  })
})

describe('a stop', () => {
  const stopped: BootstrapperMessage = want(2, { state: 'Stopped', deadline: at + 60_000 })
  const rows: readonly (readonly [when: string, hears: readonly BootstrapperMessage[], told: readonly string[]])[] = [
    ['nobody listens', [stopped], ['stop', 'terminate']],
    [
      'the holder of a lease has hung up',
      [connected('p', 'published'), acquire('x', 1), gone('p'), stopped],
      ['stop', 'terminate'],
    ],
    ['a published client listens and has not acquired Stopped', [connected('p', 'published'), stopped], ['stop']],
    ['it has', [connected('p', 'published'), stopped, acquire('x', 2, 'Stopped')], ['stop', 'terminate']],
    [
      'a change is under way',
      [connected('a', 'own'), want(2), { kind: 'goal', goal: goal(3, { state: 'Stopped' }) }],
      ['changing a', 'stop a'],
    ],
  ]
  for (const [when, hears, told] of rows)
    it(`when ${when}: ${told.join(', ')}`, () => {
      const stopping = role()
      for (const message of hears) stopping.hear(message)
      assert.deepEqual(stopping.told, told)
    })
})

describe('the StatusCheck of a role with several processes (H-32)', () => {
  const { statusCheckInterval, statusCheckTimeout } = timerDefaults
  const says = (client: string, id: number, busy: boolean): BootstrapperMessage => ({
    kind: 'said',
    client,
    message: { kind: 'status', id, busy },
  })
  /** Two processes that have been asked, and what the instance then shows. */
  function asked() {
    const two = role()
    two.hear(connected('a', 'own'))
    two.hear(connected('b', 'own'))
    two.wait(statusCheckInterval)
    assert.deepEqual(two.state().check?.waitingFor, ['a', 'b'])
    return { ...two, shows: () => reportOf(two.state()).activity || reportOf(two.state()).status }
  }
  const isBusy = 'The role reports that it is busy'
  const isHung = 'The role does not answer its StatusCheck'

  it('makes the instance Busy as soon as one of them says so, whatever the others say', () => {
    for (const order of [
      [says('a', 1, true), says('b', 1, false)],
      [says('b', 1, false), says('a', 1, true)],
    ]) {
      const { hear, shows } = asked()
      for (const message of order) hear(message)
      assert.equal(shows(), isBusy)
    }
    const { hear, shows } = asked()
    hear(says('a', 1, true))
    assert.equal(shows(), isBusy, 'the other need not have answered')
  })

  it('leaves a busy instance Busy until all of them have answered the next one that they are not', () => {
    const { hear, wait, shows } = asked()
    hear(says('a', 1, true))
    hear(says('b', 1, false))
    wait(2 * statusCheckInterval)
    assert.equal(shows(), isBusy, 'nobody has answered yet')
    hear(says('b', 2, false))
    assert.equal(shows(), isBusy, 'the one that was busy has not answered yet')
    hear(says('a', 2, false))
    assert.equal(shows(), 'Ready')
  })

  it('does not count an answer to an older one', () => {
    const { hear, wait, shows, state } = asked()
    hear(says('a', 1, false))
    hear(says('b', 1, false))
    wait(2 * statusCheckInterval)
    hear(says('a', 1, true))
    assert.deepEqual([shows(), state().check?.waitingFor], ['Ready', ['a', 'b']])
  })

  it('shows that one hangs until the last that hung has answered, and asks nobody meanwhile', () => {
    const { hear, wait, shows, state } = asked()
    const lateMs = statusCheckInterval + statusCheckTimeout
    wait(lateMs - 1)
    assert.equal(shows(), 'Ready')
    wait(lateMs)
    assert.equal(shows(), isHung)
    hear(says('a', 1, false), at + lateMs)
    assert.deepEqual([shows(), state().check?.id], [isHung, 1])
    const answered = bootstrapper.receive(state(), says('b', 1, false), at + lateMs).state
    assert.equal(reportOf(answered).status, 'Ready', 'before the next one is sent')
    hear(says('b', 1, false), at + lateMs)
    assert.deepEqual([shows(), state().check?.id], ['Ready', 2])
  })

  it('waits for nobody who has gone, before it was asked or after', () => {
    const { hear, wait, shows, state } = asked()
    hear(says('a', 1, false))
    hear(gone('b'))
    assert.deepEqual(state().check?.waitingFor, [])
    wait(2 * statusCheckInterval)
    assert.deepEqual([shows(), state().check?.waitingFor], ['Ready', ['a']])
    const before = { ...state(), check: undefined }
    const [tell] = bootstrapper.decide(before, 'role', at + 3 * statusCheckInterval).actions
    assert.ok(tell?.kind === 'tell')
    const left = bootstrapper.receive(before, gone('a'), at).state
    assert.deepEqual(bootstrapper.settle(left, tell, { kind: 'done' }, at).state.check?.waitingFor, [])
  })
})

describe('the plan of a role', () => {
  const model = (tasks: readonly Partial<StartupTask>[]): RoleModel => ({
    name: 'Worker',
    version: '1',
    tasks: tasks.map((task) => ({
      commandLine: 'a.cmd',
      executionContext: 'limited',
      taskType: 'simple',
      environment: [],
      ...task,
    })),
    runtime: {
      executionContext: 'limited',
      environment: [],
      entryPoint: { kind: 'Program', commandLine: 'node a.js', setReadyOnProcessStart: true },
    },
    pluginSettings: [],
    properties: {},
  })

  it('runs the tasks of the role, where they stand, and of its plug-ins too, and passes over those of the SDK and of the original itself', () => {
    const planning = planRole(
      model([
        {},
        { relativePath: 'approot\\bin\\' },
        { relativePath: 'plugins\\Connect', taskType: 'background' },
        { relativePath: 'plugins\\remoteAccess', taskType: 'background' },
        { relativePath: 'plugins\\Mine', taskType: 'background' },
        { relativePath: 'Base/x86', taskType: 'foreground' },
      ]),
      { file: '' },
      'WorkerRole',
    )
    assert.ok(planning.ok)
    const what = planning.plan.tasks.map((one) => {
      if (one.kind === 'agent') return one.agent.program
      return one.kind === 'command' ? one.directory : `not ${one.module}`
    })
    assert.deepEqual(what, ['approot', 'approot/bin', 'not Connect', 'RemoteAccessAgent', 'plugins/Mine', 'not Base'])
  })

  it('serves Java and PHP, whose clients open files, by files, and all others by a stream (role-runtime.md 2)', () => {
    const flavourOf = (commandLine: string) => {
      const entryPoint = { kind: 'Program', commandLine, setReadyOnProcessStart: true } as const
      const planning = planRole(
        { ...model([]), runtime: { ...model([]).runtime, entryPoint } },
        { file: '' },
        'WorkerRole',
      )
      return planning.ok && planning.plan.flavour
    }
    assert.deepEqual(
      ['java -jar a.jar', '"C:\\Java\\bin\\java.exe" Main', 'php a.php', 'node java.js', 'node a.js'].map(flavourOf),
      ['file', 'file', 'file', 'stream', 'stream'],
    )
    const inModule = planRole(
      { ...model([]), runtime: { executionContext: 'limited', environment: [] } },
      { file: 'worker.js' },
      'WorkerRole',
    )
    assert.equal(inModule.ok && inModule.plan.flavour, 'stream')
  })

  it('has the web server of a role with sites around its tasks, and a host process without an entry point (S-10, S-13, S-18, I-18, I-48)', () => {
    const packaged = {
      commandLine: 'IISConfigurator.exe',
      executionContext: 'elevated',
      taskType: 'simple',
      environment: [],
      relativePath: 'base\\x64',
    } as const
    const own = { ...packaged, commandLine: 'setup.cmd', relativePath: 'approot\\bin' }
    const runtime = { executionContext: 'limited', environment: [] } as const
    const planning = planRole({ ...model([packaged, own]), runtime, sites: [] }, { file: '' }, 'WebRole')
    assert.ok(planning.ok)
    assert.deepEqual(
      planning.plan.tasks.map(({ kind, task }) => [kind, task.commandLine]),
      [
        ['platform', 'W3SVC.exe'],
        ['platform', 'IISConfigurator.exe /remove'],
        ['command', 'setup.cmd'],
        ['platform', 'IISConfigurator.exe /deploy'],
      ],
    )
    assert.deepEqual(planning.plan.host, { kind: 'module', module: '', process: 'WaIISHost' })
    const inOneProcess = planRole({ ...model([]), runtime }, { file: '' }, 'WebRole')
    assert.deepEqual(inOneProcess.ok && inOneProcess.plan.host, { kind: 'module', module: '', process: 'WaWebHost' })
    assert.ok(!planRole({ ...model([]), runtime }, { file: '' }, 'WorkerRole').ok)
  })

  it('loads a .NET library that the definition or __entrypoint.txt names, or the first that has an entry point (I-15, I-18)', () => {
    const bare = { executionContext: 'limited', environment: [] } as const
    const named = { kind: 'NetFx', assemblyName: 'bin\\Web.dll', targetFrameworkVersion: 'v4.0' } as const
    const hostOf = (
      kind: 'WebRole' | 'WorkerRole',
      grounds: { file: string; hasLibraries?: boolean },
      more: Partial<RoleModel> = {},
    ) => {
      const planning = planRole({ ...model([]), runtime: bare, ...more }, grounds, kind)
      return planning.ok ? planning.plan.host : planning.refusal
    }
    const library = (assembly: string, process: string) => ({ kind: 'assembly', assembly, process })
    assert.deepEqual(hostOf('WorkerRole', { file: 'Worker.dll\n' }), library('Worker.dll', 'WaWorkerHost'))
    assert.deepEqual(
      hostOf('WebRole', { file: 'x.dll' }, { sites: [], runtime: { ...bare, entryPoint: named } }),
      library('bin/Web.dll', 'WaIISHost'),
    )
    assert.deepEqual(hostOf('WorkerRole', { file: '', hasLibraries: true }), library('', 'WaWorkerHost'))
    assert.deepEqual(hostOf('WebRole', { file: '', hasLibraries: true }, { sites: [] }), library('', 'WaIISHost'))
    assert.match(JSON.stringify(hostOf('WorkerRole', { file: '' })), /has no entry point/)
    assert.deepEqual(hostOf('WebRole', { file: 'bin\\Web.dll' }), library('bin/Web.dll', 'WaWebHost'))
    assert.deepEqual(hostOf('WebRole', { file: '', hasLibraries: true }), library('', 'WaWebHost'))
    assert.deepEqual(hostOf('WebRole', { file: '' }), { kind: 'module', module: '', process: 'WaWebHost' })
  })
})

describe('a module', () => {
  const started = () => role({ host: { kind: 'module', module: 'worker.js', process: 'WaWorkerHost' } })
  const hello = (client: string, host: boolean): BootstrapperMessage => ({
    kind: 'said',
    client,
    message: { kind: 'hello', host },
  })
  const onStartEnded = (result: boolean): BootstrapperMessage => ({
    kind: 'said',
    client: 'h',
    message: { kind: 'onStartEnded', result },
  })

  it('is asked for OnStart by the process that holds it, then for Run, and is Ready from then on (S-15, S-16)', () => {
    const { hear, told, state } = started()
    for (const client of ['a', 'h']) hear(connected(client, 'own'))
    hear(hello('a', false))
    assert.deepEqual(told, [], 'another process of the role holds no entry point')
    hear(hello('h', true))
    assert.deepEqual([told, reportOf(state()).status], [['onStart h'], 'Busy'])
    hear(onStartEnded(true))
    assert.deepEqual([told, reportOf(state()).status], [['onStart h', 'run h'], 'Ready'])
  })

  it('that returns false from OnStart is not run', () => {
    const { hear, told, state } = started()
    hear(connected('h', 'own'))
    hear(hello('h', true))
    hear(onStartEnded(false))
    assert.deepEqual([told, reportOf(state()).status], [['onStart h'], 'Busy'])
  })
})

describe('the end of the program', () => {
  it('with an exit code is a return of Run: the role is recycled gracefully (role-runtime.md 8.3)', () => {
    const { hear, state, told } = role()
    hear({ kind: 'childEnded', child: 'host', ended: { code: 0, signal: null } })
    assert.deepEqual(reportOf(state()).recycle, { reason: 'The program ended with exit code 0.', returned: true })
    assert.deepEqual(told, [])
  })

  it('by a signal is a crash, and says which: no exit code of 0 hides it (role-runtime.md 8.4, T-7)', () => {
    const { hear, state, told } = role()
    hear({ kind: 'childEnded', child: 'host', ended: { code: null, signal: 'SIGSEGV' } })
    assert.deepEqual(told, ['end'])
    const { stage } = state()
    assert.ok(stage.kind === 'ending')
    assert.deepEqual([stage.exit.activity, stage.exit.code], ['The host process was ended by SIGSEGV', -1])
  })
})
