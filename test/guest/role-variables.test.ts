/** What variables of a role become, and what they may not become (2.14 of service-model.md, role-runtime.md 9). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bootstrapper } from '../../src/guest/bootstrapper/agent.ts'
import type { BootstrapperStart } from '../../src/guest/bootstrapper/protocol.ts'
import { platformVariables, unsetVariables, withVariables } from '../../src/guest/bootstrapper/role-variables.ts'
import { firstState } from '../../src/guest/bootstrapper/state.ts'
import type { Ended } from '../../src/guest/startup-tasks/runner.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { roleVariables } from '../../src/role/contract/variables.ts'
import { longestVariable } from '../../src/service-model/command-line/expand.ts'
import { shellScript } from '../../src/service-model/command-line.ts'
import type { RoleEnvironment } from '../../src/service-model/role-environment.ts'

const environment: RoleEnvironment = {
  deploymentId: '9f3c1d2e4b5a46788766554433221100',
  emulated: false,
  currentInstance: {
    id: 'Worker_IN_0',
    roleName: 'Worker',
    faultDomain: 0,
    updateDomain: 0,
    settings: {},
    localResources: [],
    endpoints: [],
  },
  roles: [],
}
const port = "/RoleEnvironment/CurrentInstance/Endpoints/Endpoint[@name='Gone']/@port"
const id = '/RoleEnvironment/CurrentInstance/@id'

describe('variables of a role', () => {
  for (const [what, times, text] of [
    ['double one another', 60, '%V%%V%'],
    ['fill in a long one ten thousand times', 2, '%V%'.repeat(10_000)],
  ] as const)
    it(`that ${what} are refused with the name, before they fill the memory`, () => {
      const first = { name: 'V', value: 'x'.repeat(30_000) }
      const result = withVariables(
        {},
        [first, ...Array.from({ length: times }, () => ({ name: 'V', value: text }))],
        environment,
      )
      assert.ok(!result.ok)
      assert.match(result.fault.message, /^The variable V has more than 32767 characters when/)
    })

  it('take the place of those whose names differ from theirs in case alone', () => {
    const { ok, ...made } = withVariables({ Path: '/bin' }, [{ name: 'PATH', value: '/opt' }], environment)
    assert.ok(ok)
    assert.deepEqual(made, { value: { Path: '/opt', [roleVariables.runtimeEndpoint]: '' } })
  })

  it('may have as many characters as an environment variable had', () => {
    const half = { name: 'H', value: 'x'.repeat(longestVariable - 1) }
    const result = withVariables({}, [half, { name: 'V', value: '%H%y' }], environment)
    assert.equal(result.ok && result.value['V']?.length, longestVariable)
  })

  it('do not make a command line too long unseen', () => {
    const result = shellScript('echo %V% %V%', { V: 'x'.repeat(20_000) }, () => undefined)
    assert.ok(!result.ok)
    assert.match(result.fault.message, /more than 32767 characters/)
  })

  it('whose xpath names nothing are told, and named in the details of a role that ends by itself', () => {
    const unset = unsetVariables(
      [
        { name: 'P', xpath: port },
        { name: 'I', xpath: id },
        { name: 'V', value: '' },
      ],
      environment,
    )
    assert.deepEqual(unset, [`The variable P is not set: its xpath ${port} names nothing that the role has`])
    const plan = {
      tasks: [],
      host: { kind: 'program', commandLine: 'x', readyOnStart: true },
      variables: [],
      flavour: 'stream',
    } as const
    const goal = { incarnation: 1, state: 'Started', roleEnvironmentPath: '/x', simultaneous: false } as const
    const state = firstState({ ok: true, plan }, goal, timerDefaults, 0)
    const start = { kind: 'startHost', key: 'host', reason: '' } as const
    const running = bootstrapper.settle(state, start, { kind: 'started', pid: 7, unset }, 0).state
    const after = (ended: Ended) => bootstrapper.receive(running, { kind: 'childEnded', child: 'host', ended }, 1).state
    const { stage } = after({ code: null, signal: 'SIGSEGV' })
    assert.ok(stage.kind === 'ending')
    assert.ok(stage.exit.activity.endsWith(`. ${unset[0]}`), stage.exit.activity)
    const returned = after({ code: 1, signal: null })
    const stop = { kind: 'goal', goal: { ...goal, incarnation: 2, state: 'Stopped' } } as const
    const { stage: ended } = bootstrapper.receive(returned, stop, 2).state
    assert.ok(ended.kind === 'ending')
    assert.equal(ended.exit.activity, `Run has returned. ${unset[0]}`)
  })
})

describe('the environment of a role', () => {
  const machine = {
    inherited: { HOME: '/home/r', USER: 'r', LANG: undefined, SECRET: 'x', PATH: '/own/bin' },
    nodeDirectory: '/node/bin',
    preload: 'file:///preload.js',
    versionEndpoint: '/run/v',
  }
  const settings = {
    root: '/g',
    programs: '/p',
    containerId: 'aa-bb-cc',
    key: 'd.Worker_IN_0',
    address: '127.1.2.3',
    firstPort: 1_024,
    ownNetwork: false,
  }
  const start = {
    settings,
    owner: { deploymentId: 'd', role: 'Worker' },
    instance: 'Worker_IN_0',
    roleKind: 'WorkerRole',
    roleRoot: '/g/e',
    goal: { incarnation: 1, state: 'Started', roleEnvironmentPath: '/x', simultaneous: false },
  } as unknown as BootstrapperStart
  const endpoint = (port: number) => ({ name: `P${port}`, protocol: 'tcp', address: '127.1.2.3', port }) as never
  const endpoints = [8_080, 8_443, 9_000, 8_000, 9_024, 20_000].map(endpoint)
  const current = { ...environment.currentInstance, endpoints }
  const made = (change: object = {}, inherited: object = machine.inherited) =>
    platformVariables(
      { ...start, ...change },
      { path: '/c/env.xml', environment: { ...environment, currentInstance: current } },
      { ...machine, inherited: { ...inherited } },
    )

  it('has what the machine brings, where everything lies, and the ports that were moved up (S-30, role-runtime.md 9)', () => {
    assert.deepEqual(made(), {
      HOME: '/home/r',
      USER: 'r',
      PATH: '/node/bin:/g/e/base/x64:/g/e/base/x86:/p/inetsrv:/own/bin',
      SystemDrive: '/g/c',
      RoleName: 'Worker',
      RoleInstanceID: 'Worker_IN_0',
      RoleDeploymentID: 'd',
      RdRoleId: 'd.Worker_IN_0',
      RoleRoot: '/g/e',
      RdRoleRoot: '/g/e/',
      RdRoleConfigRootPath: '/g/c/Config/',
      RdRoleResourcesRootPath: '/g/c/Resources/',
      RdRoleLogRootPath: '/g/c/Resources/',
      TEMP: '/g/c/Resources/temp/d.Worker/RoleTemp',
      TMP: '/g/c/Resources/temp/d.Worker/RoleTemp',
      TMPDIR: '/g/c/Resources/temp/d.Worker/RoleTemp',
      DiagnosticStore: '/g/c/Resources/Directory/d.Worker.DiagnosticStore/',
      WaRoleType: 'WorkerRole',
      __WaRuntimeAgent__: 'WA-Runtime-aabbcc',
      [roleVariables.runtimeEndpoint]: '/run/v',
      [roleVariables.roleEnvironment]: '/c/env.xml',
      [roleVariables.certificates]: '/g/c/Certificates',
      [roleVariables.listenAddress]: '127.1.2.3',
      [roleVariables.portMap]: '80=8080,443=8443,1000=9000',
      NODE_OPTIONS: '--import=file:///preload.js',
    })
  })

  it('says of a web role that it is one, and leaves addresses and ports to a network of its own', () => {
    const web = made({ roleKind: 'WebRole', settings: { ...settings, ownNetwork: true } }, {})
    assert.equal(web['WaRoleType'], 'IISWebRole')
    assert.equal(web['PATH'], '/node/bin:/g/e/base/x64:/g/e/base/x86:/p/inetsrv:/usr/local/bin:/usr/bin:/bin')
    for (const name of [roleVariables.listenAddress, roleVariables.portMap, 'HOME']) assert.ok(!(name in web), name)
  })
})
