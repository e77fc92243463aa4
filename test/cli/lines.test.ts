/** What the command line shows of updates: a walk domain by domain, a plan, and live lines with and without a terminal. */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import type { WriteStream } from 'node:tty'
import { watchFailures } from '../../src/client/cli/failures.ts'
import { isAtRest } from '../../src/client/cli/follow-update.ts'
import { hostLines } from '../../src/client/cli/host-lines.ts'
import { liveLines } from '../../src/client/cli/live-lines.ts'
import { hostsAndMachines, machineLines } from '../../src/client/cli/machine-lines.ts'
import { notBack } from '../../src/client/cli/not-back.ts'
import { planLines } from '../../src/client/cli/plan-lines.ts'
import { statusLines } from '../../src/client/cli/status-lines.ts'
import { walkLines } from '../../src/client/cli/walk-lines.ts'
import type { Plan, Progress } from '../../src/client/service-management/updates.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'

type Update = NonNullable<Progress['update']>

const update: Update = {
  kind: 'upgrade',
  mode: 'Auto',
  domain: 1,
  domainState: 'During',
  domains: 3,
  target: 2,
  onFailure: 'hold',
  waitsFor: 'Web_IN_1 is StartingRole (Starting role...): waits until it is Ready',
}

function instance(name: string, domain: number, version: number, more: Partial<Progress['instances'][number]> = {}) {
  const defaults = { role: 'Web', status: 'ReadyRole', details: '', inRotation: true, host: 'host1' }
  return { name, domain, version, ...defaults, hasSettled: (more.status ?? 'ReadyRole') === 'ReadyRole', ...more }
}

const deployment = { name: 'v1', slot: 'Production' as const, warnings: [], timers: timerDefaults }

function progress(active: Update | undefined): Progress {
  const instances = [
    instance('Web_IN_2', 2, 1),
    instance('Web_IN_0', 0, 2),
    instance('Web_IN_1', 1, 2, { status: 'StartingRole', inRotation: false, details: 'Starting role...' }),
  ]
  const common = { ...deployment, status: 'RunningTransitioning', instances }
  return active ? { ...common, update: active } : common
}

describe('the lines of a walk', () => {
  it('say where it is in the words of UpgradeStatus, and show each instance in the order of domains (U-34)', () => {
    assert.deepEqual(walkLines(progress(update)), [
      '  automatic upgrade to v2, During domain 1 of 3',
      '  [#############.......] 2 of 3 instances at v2',
      '  waits for: Web_IN_1 is StartingRole: waits until it is Ready',
      '  UD  STEP    INSTANCE  VERSION  STATUS        ROTATION  DETAILS',
      '  0   walked  Web_IN_0  v2       ReadyRole     in',
      '  1   During  Web_IN_1  v2       StartingRole  out       Starting role...',
      '  2   waits   Web_IN_2  v1       ReadyRole     in',
    ])
  })

  it('say why a domain is held (U-29)', () => {
    const code = 'UpdateDeploymentRoleRecycleThresholdReached'
    const message =
      'Web_IN_1 failed 5 times in a row. Last seen: Recovering role... no. [2026-01-01T00:00:09Z] The new version of the service or its configuration prevents role instances from running.'
    const lines = walkLines(progress({ ...update, held: { code, message } }))
    assert.equal(
      lines.at(2),
      '  HELD: Web_IN_1 failed 5 times in a row. The new version of the service or its configuration prevents role instances from running.',
    )
    assert.match(lines.at(3) ?? '', /^ {2}UD /, 'what it waits for is not said twice')
  })

  it('tell instances that are new from those that were moved, and roles that are in no rotation', () => {
    const instances = [
      instance('Web_IN_0', 0, 2),
      instance('Web_IN_3', 0, 2, { status: 'Preparing', inRotation: false }),
      instance('Work_IN_0', 0, 2, { role: 'Work', inRotation: false }),
    ]
    const lines = walkLines({ ...progress(update), instances }, new Set(['Work']))
    assert.deepEqual(lines.slice(-3), [
      '  0   walked  Web_IN_0   v2       ReadyRole  in',
      '  0   new     Web_IN_3   v2       Preparing  out',
      '  0   walked  Work_IN_0  v2       ReadyRole  -',
    ])
  })

  it('name the single role, the rollback, and what happens on failure', () => {
    const [first] = walkLines(
      progress({ ...update, kind: 'rollback', mode: 'Manual', role: 'Web', onFailure: 'rollback' }),
    )
    assert.equal(first, '  manual rollback of Web to v2, on failure rollback, During domain 1 of 3')
  })

  it('have no steps when no update is active', () => {
    assert.equal(walkLines(progress(undefined))[0], '  UD  INSTANCE  VERSION  STATUS        ROTATION  DETAILS')
  })
})

describe('a deployment at rest', () => {
  const { instances: found, ...rest } = progress(undefined)
  const all = (status: string, hasSettled = false) => found.map((one) => ({ ...one, status, hasSettled }))

  it('has had all its instances Ready for settleTime, or, when it is suspended, stopped', () => {
    assert.equal(isAtRest({ ...rest, instances: all('ReadyRole', true) }), true)
    assert.equal(isAtRest({ ...rest, instances: all('ReadyRole') }), false)
    assert.equal(isAtRest({ ...rest, instances: all('StartingRole') }), false)
    assert.equal(isAtRest({ ...rest, status: 'Suspended', instances: all('StoppingRole') }), false)
    assert.equal(isAtRest({ ...rest, status: 'Suspended', instances: all('StoppedVM') }), true)
  })
})

describe('what nobody need wait for any longer', () => {
  it('is an instance that has failed as often as the fabric says, each run counted once (U-37)', () => {
    const failures = watchFailures()
    const cycling = (run: number, status: string) => [
      instance('Web_IN_0', 0, 1, { status, details: `${status} Last exit time: [2026/01/01, 0:0:0${run}]` }),
    ]
    const seen = (run: number, status = 'CyclingRole') => failures.see(cycling(run, status), 5)
    for (const run of [1, 2, 3, 4]) {
      assert.equal(seen(run), false)
      assert.equal(seen(run, 'StartingRole'), false)
    }
    assert.equal(failures.see(cycling(5, 'CyclingRole'), 6), false)
    assert.equal(seen(5), true)
    assert.equal(
      failures.words([instance('Web_IN_0', 0, 1, { status: 'BusyRole' }), instance('Web_IN_1', 1, 1)]),
      'Web_IN_0 is BusyRole again, and had failed before (CyclingRole Last exit time: [2026/01/01, 0:0:05])',
    )
  })
})

describe('the lines of a plan', () => {
  const plan: Plan = {
    policy: 'sameModel',
    differences: [],
    mode: 'Auto',
    domains: [
      {
        domain: 0,
        instances: [
          { name: 'Web_IN_0', role: 'Web', change: 'package' },
          { name: 'Worker_IN_0', role: 'Worker', change: 'settings' },
        ],
        steps: ['Web_IN_0 leaves rotation', 'Web_IN_0 stops'],
        capacity: [{ role: 'Web', endpoint: 'Http', port: 80, instances: 2, left: 1 }],
      },
    ],
    added: ['Web_IN_2'],
    removed: [],
    warnings: ['Worker has one instance: it is offline during its upgrade.'],
  }

  it('compare the models, then go through the domains with order, steps and the capacity left', () => {
    assert.deepEqual(planLines(plan), [
      'Service model: the same as that of the deployment (policy sameModel).',
      '',
      'Domain 0',
      '  Web_IN_0     stops, gets the new package, starts',
      '  Worker_IN_0  is told the new settings; recycles only if it cancels',
      '  1. Web_IN_0 leaves rotation',
      '  2. Web_IN_0 stops',
      '  Web Http, port 80:  1 of 2 instances stay in rotation',
      '',
      'Instances that are added: Web_IN_2',
      '',
      'warning: Worker has one instance: it is offline during its upgrade.',
    ])
  })

  it('list every difference of the models (U-5)', () => {
    const differences = ['Role Web: vmsize is Small, was Medium.']
    assert.deepEqual(planLines({ ...plan, differences, domains: [] }).slice(0, 2), [
      'Service model: differs (policy sameModel):',
      '  Role Web: vmsize is Small, was Medium.',
    ])
  })
})

describe('live lines', () => {
  function screen(size: { readonly isTTY: boolean; readonly columns?: number; readonly rows?: number }) {
    const stream = Object.assign(new PassThrough(), size)
    const text = () => (stream.read() as Buffer | null)?.toString() ?? ''
    return { live: liveLines(stream as unknown as WriteStream), text }
  }

  it('are written without a terminal only when they say something new, times aside', () => {
    const { live, text } = screen({ isTTY: false })
    live.show(['Web_IN_0  BusyRole  Starting role... [2026-01-01T00:00:00Z]', 'Web_IN_1  ReadyRole'])
    assert.equal(text(), 'Web_IN_0  BusyRole  Starting role... [2026-01-01T00:00:00Z]\nWeb_IN_1  ReadyRole\n')
    live.show(['Web_IN_0     BusyRole   Starting role... [2026-01-01T00:00:09Z]', 'Web_IN_1     ReadyRole'])
    assert.equal(text(), '')
    live.show(['Web_IN_0  ReadyRole', 'Web_IN_1  ReadyRole'])
    assert.equal(text(), 'Web_IN_0  ReadyRole\n')
  })

  it('take the place of the former ones on a terminal', () => {
    const { live, text } = screen({ isTTY: true, columns: 80, rows: 24 })
    live.show(['one', 'two'])
    assert.equal(text(), 'one\u001b[K\ntwo\u001b[K\n')
    live.show(['three'])
    assert.equal(text(), '\u001b[2Athree\u001b[K\n\u001b[J')
  })

  it('take the usual size of a terminal that does not tell its own', () => {
    const { live, text } = screen({ isTTY: true, columns: 0, rows: 0 })
    live.show(['a line of more than twenty columns', 'two', 'three'])
    assert.equal(text(), 'a line of more than twenty columns\u001b[K\ntwo\u001b[K\nthree\u001b[K\n')
  })

  it('stay on the screen, for the cursor cannot go up beyond it', () => {
    const { live, text } = screen({ isTTY: true, columns: 24, rows: 4 })
    live.show(['a line that is too long for it', 'two', 'three'])
    assert.equal(text(), 'a line that is too long\u001b[K\ntwo\u001b[K\n… and 1 line more\u001b[K\n')
  })
})

describe('the lines of machines', () => {
  const machine = { address: '10.9.0.1', number: 10, version: '0.1.0', roles: ['host'], notes: [] }
  const machines = {
    authority: '',
    machines: [
      { ...machine, name: 'm1', roles: ['host', 'master'], notes: ['is the master since noon'] },
      { ...machine, name: 'm2', address: '10.9.0.2' },
    ],
    leaving: ['m3 was removed; its member of etcd is not yet'],
  }

  it('say who is the master and why, and what is left to do', () => {
    assert.deepEqual(machineLines(machines), [
      '',
      'MACHINE  ROLES         ADDRESS   VERSION',
      'm1       host, master  10.9.0.1  0.1.0',
      '  m1 is the master since noon',
      'm2       host          10.9.0.2  0.1.0',
      'm3 was removed; its member of etcd is not yet',
    ])
    assert.deepEqual(machineLines({ authority: '', machines: [], leaving: [] }), [])
  })

  it('stand with their hosts for scripts, those without a host too', () => {
    const host = {
      cores: 8,
      freeCores: 7,
      faultDomain: 0,
      state: 'InService',
      instances: [],
      waitsFor: [],
      unknown: [],
    } as const
    const found = hostsAndMachines([{ ...host, name: 'm1' }], machines)
    assert.deepEqual(
      found.hosts.map((host) => [host.name, host.state, 'roles' in host && host.roles]),
      [
        ['m1', 'InService', ['host', 'master']],
        ['m2', 'NotRegistered', ['host']],
      ],
    )
    assert.deepEqual(found.leaving, machines.leaving)
  })
})

describe('the lines of hosts', () => {
  it('say below a host what it waits for, and what it runs that nobody knows (A-33)', () => {
    const common = { cores: 8, freeCores: 7, faultDomain: 0, unknown: [] }
    const hosts = [
      {
        ...common,
        name: 'host1',
        state: 'Draining' as const,
        instances: ['a.Web_IN_0', 'b.Web_IN_0'],
        waitsFor: ['waits'],
      },
      { ...common, name: 'host2', state: 'InService' as const, instances: [], waitsFor: [], unknown: ['c.Web_IN_1'] },
    ]
    assert.deepEqual(hostLines(hosts), [
      'HOST   STATE      FREE CORES  FAULT DOMAIN  INSTANCES',
      'host1  Draining   7 of 8      0             Web_IN_0 Web_IN_0',
      '  waits',
      'host2  InService  7 of 8      0',
      '  runs what the restored fabric does not know: c.Web_IN_1. End it with: reddog host clear host2',
    ])
  })
})

const shop = { name: 'shop', label: 'shop', status: 'Created', location: 'Reddog', created: '' }
const running = {
  name: 'v1',
  slot: 'Production' as const,
  id: 'f'.repeat(32),
  status: 'Running',
  label: 'v1',
  url: 'http://shop.localhost/',
  vip: '127.5.1.1',
  reservedAddress: undefined,
  locked: false,
  rollbackAllowed: false,
  upgrade: undefined,
  upgradeDomains: 2,
  created: '',
  modified: '2026-01-01T00:00:00Z',
  sdk: '2.9.0.0',
  roles: [],
  instances: [],
}

it('a host that is given back names what should run there and is not Ready (H-23)', () => {
  const back = (changes: Partial<Progress>) => {
    const standing = { ...deployment, status: 'Running', instances: [busy, settling, cycling], ...changes }
    return notBack(
      [`${running.id}.Web_IN_0`, `${running.id}.Web_IN_1`],
      [{ service: 'shop', id: running.id, progress: standing }],
    )
  }
  const busy = instance('Web_IN_0', 0, 1, { status: 'BusyRole', details: 'Starting role...' })
  const settling = instance('Web_IN_1', 1, 1, { hasSettled: false })
  const cycling = instance('Web_IN_2', 0, 1, { status: 'CyclingRole' })
  assert.deepEqual(back({}), { notReady: ['Web_IN_0 of shop is BusyRole (Starting role...)'], haveSettled: false })
  assert.deepEqual(back({ instances: [settling, cycling] }), { notReady: [], haveSettled: false })
  assert.deepEqual(back({ instances: [instance('Web_IN_1', 1, 1), cycling] }), { notReady: [], haveSettled: true })
  assert.deepEqual(back({ status: 'Suspended' }), { notReady: [], haveSettled: true })
})

it('the status of a deployment says that its VIP is reserved, and as what (V-5)', () => {
  const address = (reservedAddress: string | undefined) =>
    statusLines({
      services: [{ ...shop, deployments: [{ ...running, reservedAddress, warnings: [] }] }],
      hosts: [],
    }).find((line) => line.includes('127.5.1.1'))
  assert.match(address('live') ?? '', /VIP +127\.5\.1\.1 {2}reserved as live$/)
  assert.match(address(undefined) ?? '', /VIP +127\.5\.1\.1$/)
})
