import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from '../../src/fabric/contract/commands.ts'
import { party } from '../../src/fabric/contract/paths.ts'
import { controller } from '../../src/fabric/controller/agent.ts'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import {
  configuration,
  createDeployment,
  createShop,
  deployed,
  type Fabric,
  fabricOf,
  production,
  shipped,
  timers,
} from './fabric.ts'
import { obey } from './obey.ts'
import { upgradeTo } from './updates.ts'

const suspend: Command = { kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' }
const resume: Command = { ...suspend, status: 'Running' }
const remove: Command = { kind: 'deleteDeployment', deployment: production }
const id = '1'.repeat(32)

const keys = (fabric: Fabric) => fabric.instances().map(({ key }) => key)
const told = (fabric: Fabric) => fabric.instances().map((instance) => instance.told.run)
const statuses = (fabric: Fabric) => fabric.view().instances.map(({ status }) => status)

/** Every host says that nothing is left of its instances. */
function allGone(fabric: Fabric): void {
  for (const host of fabric.state.stored.host.keys()) {
    const gone = fabric.state.derived.instancesOn.get(host)?.toArray() ?? []
    fabric.tell({
      kind: 'report',
      host,
      report: { agentRun: 'r', number: 0, goalVersion: 0, complete: false, instances: [], gone },
    })
  }
}

describe('a deployment', () => {
  it('is Running once it is placed, whatever its instances do, and its warning says when there is one fault domain (T-9, D-11, A-20)', () => {
    const fabric = fabricOf()
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment())
    const seen = [fabric.view().status]
    fabric.report('StartingRole')
    seen.push(fabric.view().status)
    fabric.report('ReadyRole')
    seen.push(fabric.view().status)
    fabric.report('CyclingRole')
    seen.push(fabric.view().status)
    assert.deepEqual(seen, ['Running', 'Running', 'Running', 'Running'])
    assert.deepEqual(
      fabric.instances().map(({ faultDomain }) => faultDomain),
      [0, 0],
    )
    assert.match(fabric.view().warnings.join(), /only one fault domain/)
  })

  it('stays Running while one of its instances is restarted (T-9, D-11)', () => {
    for (const kind of ['rebootInstance', 'reimageInstance', 'rebuildInstance'] as const) {
      const fabric = deployed()
      fabric.ask({ kind, deployment: production, instance: 'Web_IN_0' })
      fabric.acknowledge(keys(fabric))
      assert.equal(fabric.instances()[0]?.told.epochs.guest, 2)
      fabric.report('StartingVM')
      assert.equal(fabric.view().status, 'Running')
    }
  })

  it('is Starting after a suspension until all were Ready once, at most for roleReadyTimeout (T-9, T-10)', () => {
    const fabric = deployed()
    fabric.ask(suspend)
    fabric.acknowledge(keys(fabric))
    fabric.report('StoppedVM')
    fabric.ask(resume)
    fabric.report('CyclingRole')
    fabric.pass(timers.roleReadyTimeout - 1)
    assert.equal(fabric.view().status, 'Starting')
    fabric.pass(1)
    assert.equal(fabric.view().status, 'Running')
  })

  it('spreads the instances of each role over upgrade and fault domains of its own (A-13, A-14, A-19)', () => {
    const parcel = shipped()
    parcel.roles = [
      { name: 'Web', size: 'ExtraSmall' },
      { name: 'Work', size: 'ExtraSmall', endpoints: '' },
    ]
    const fabric = fabricOf(parcel)
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) fabric.host(name, { faultDomain: index % 2 })
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 8, Work: 9 }) }))
    const count = (role: string, domain: number) =>
      fabric.view().instances.filter((one) => one.role === role && one.upgradeDomain === domain).length
    assert.deepEqual([count('Web', 0), count('Web', 1), count('Work', 0), count('Work', 1)], [4, 4, 5, 4])
    assert.equal(fabric.view().upgradeDomainCount, 2)
  })

  it('has a Url that answers: with the port where no http endpoint is at the web’s own (D-6, L-15)', () => {
    const http = (port: number) => `<InputEndpoint name="H${port}" protocol="http" port="${port}"/>`
    for (const [endpoints, url] of [
      [http(80), 'http://shop.localhost/'],
      [http(8180), 'http://shop.localhost:8180/'],
      [http(8180) + http(80), 'http://shop.localhost/'],
      ['<InputEndpoint name="Raw" protocol="tcp" port="9000"/>', 'http://shop.localhost/'],
      ['', 'http://shop.localhost/'],
    ] as const)
      assert.equal(deployed({ ...shipped(), roles: [{ endpoints }] }).view().url, url)
  })

  it('created with start false is allocated and not started (U-64, D-4)', () => {
    const fabric = fabricOf()
    fabric.host('a')
    fabric.host('b', { faultDomain: 1 })
    fabric.ask(createShop)
    fabric.ask(createDeployment({ start: false }))
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
    fabric.report('StoppedVM')
    assert.equal(fabric.view().status, 'Suspended')
    fabric.ask(resume, id)
    assert.deepEqual([...told(fabric), fabric.view().status], ['Started', 'Started', 'Starting'])
    fabric.report('ReadyRole')
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.equal(fabric.view().status, 'Running')
  })

  it('keeps cores and VIP while it is suspended, and rebuilds E: when it is resumed (U-63, H-36)', () => {
    const fabric = deployed()
    const { vip } = fabric.view()
    fabric.ask(suspend, id)
    fabric.acknowledge(keys(fabric))
    assert.deepEqual([fabric.operation(id).status, fabric.view().status], ['Succeeded', 'Suspended'])
    assert.equal(fabric.state.derived.cores.get(fabric.deployment().subscriptionId), 2)
    fabric.ask(resume)
    assert.equal(fabric.view().vip, vip)
    assert.deepEqual(fabric.instances()[0]?.told.epochs, { guest: 1, c: 1, d: 1, e: 2 })
  })

  it('that is deleted goes with its last instance and gives back all it had (U-66)', () => {
    const fabric = deployed()
    fabric.ask(remove, id)
    fabric.acknowledge(keys(fabric))
    assert.deepEqual(told(fabric), ['Gone', 'Gone'])
    assert.equal(fabric.operation(id).status, 'InProgress')
    allGone(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    const { stored, derived } = fabric.state
    assert.deepEqual([stored.deployment.size, stored.instance.size, stored.package.size], [0, 0, 0])
    assert.deepEqual([derived.loads.size, derived.addresses.size], [0, 0])
  })

  it('goes with its service when that is what was asked (C-5)', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'deleteService', service: 'shop', withDeployments: true }, id)
    fabric.acknowledge(keys(fabric))
    allGone(fabric)
    assert.deepEqual([fabric.operation(id).status, fabric.state.stored.service.size], ['Succeeded', 0])
  })

  it('can be deleted while a host is lost (U-66)', () => {
    const fabric = deployed()
    fabric.pass(timers.hostLostAfter - 1)
    fabric.report('ReadyRole', ['a'])
    fabric.pass(1)
    assert.deepEqual(statuses(fabric), ['ReadyRole', 'RoleStateUnknown'])
    fabric.ask(remove, id)
    fabric.acknowledge(keys(fabric))
    const gone = fabric.state.derived.instancesOn.get('a')?.toArray() ?? []
    fabric.tell({
      kind: 'report',
      host: 'a',
      report: { agentRun: 'r', number: 0, goalVersion: 0, complete: false, instances: [], gone },
    })
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })
})

describe('leaving rotation', () => {
  it('waits for the acknowledgement, then for requests in flight, before the host is told (H-27, L-7)', () => {
    const fabric = deployed()
    fabric.tell({ kind: 'balancerPoll', balancer: party.loadBalancer, open: true })
    fabric.ask(suspend)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'draining', Web_IN_1: 'draining' })
    fabric.pass(timers.rotationOutLimit)
    assert.deepEqual(told(fabric), ['Started', 'Started'], 'the balancer is there and has not acknowledged')
    fabric.acknowledge()
    assert.deepEqual(told(fabric), ['Started', 'Started'], 'requests are in flight')
    fabric.acknowledge(keys(fabric).slice(0, 1))
    assert.deepEqual(told(fabric), ['Stopped', 'Started'])
    fabric.pass(timers.drainLimit)
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'out' })
  })

  it('is waited for by each of several roles with endpoints', () => {
    const parcel = shipped()
    parcel.roles = [
      { endpoints: '<InputEndpoint name="Raw" protocol="tcp" port="9000"/>' },
      { name: 'Api', endpoints: '<InputEndpoint name="Api" protocol="tcp" port="9001"/>' },
    ]
    const fabric = fabricOf(parcel)
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 1, Api: 1 }) }))
    fabric.acknowledge()
    fabric.report('ReadyRole')
    fabric.acknowledge()
    assert.deepEqual(fabric.rotation(), { Api_IN_0: 'in', Web_IN_0: 'in' })
    fabric.ask(suspend)
    assert.deepEqual(
      [told(fabric), fabric.rotation()],
      [['Started', 'Started'], { Api_IN_0: 'draining', Web_IN_0: 'draining' }],
    )
    fabric.acknowledge()
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
  })

  it('tells tcp instances as soon as the balancer has acknowledged (design.md 9.3)', () => {
    const parcel = shipped()
    parcel.roles = [{ endpoints: '<InputEndpoint name="Raw" protocol="tcp" port="9000"/>' }]
    const fabric = deployed(parcel)
    fabric.ask(suspend)
    assert.deepEqual(told(fabric), ['Started', 'Started'])
    fabric.acknowledge()
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
  })

  it('waits rotationOutLimit for a balancer that is not there', () => {
    const parcel = shipped()
    parcel.roles = [{ endpoints: '<InputEndpoint name="Raw" protocol="tcp" port="9000"/>' }]
    const fabric = deployed(parcel)
    fabric.ask(suspend)
    fabric.pass(timers.rotationOutLimit - 1)
    assert.deepEqual(told(fabric), ['Started', 'Started'])
    fabric.pass(1)
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
  })

  it('needs nobody where there is no public endpoint (L-17)', () => {
    const parcel = shipped()
    parcel.roles = [{ endpoints: '' }]
    const fabric = deployed(parcel)
    fabric.ask(suspend)
    assert.deepEqual(told(fabric), ['Stopped', 'Stopped'])
  })

  it('happens at once when an instance says by itself that it is not Ready (S-35, L-1)', () => {
    const fabric = deployed()
    fabric.report('BusyRole', ['a'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in' })
    fabric.report('ReadyRole', ['a'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
  })

  it('does not keep its deployment from being deleted, as where its host can store nothing (U-66, F-28)', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'rebootInstance', deployment: production, instance: 'Web_IN_0' }, id)
    fabric.acknowledge(keys(fabric))
    fabric.report('ReadyRole', ['a'], { revision: 1 })
    assert.ok('refused' in fabric.ask(suspend))
    assert.ok('accepted' in fabric.ask(remove))
    assert.equal(fabric.operation(id).status, 'Failed')
    fabric.acknowledge(keys(fabric))
    allGone(fabric)
    assert.deepEqual(fabric.instances(), [])
  })

  it('outlasts a Ready that speaks of an older revision', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'rebootInstance', deployment: production, instance: 'Web_IN_0' }, id)
    fabric.acknowledge(keys(fabric))
    assert.equal(fabric.operation(id).status, 'InProgress')
    fabric.report('StoppingRole', ['a'], { revision: 1 })
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.deepEqual(fabric.instances()[0]?.told.epochs, { guest: 2, c: 1, d: 1, e: 2 })
    fabric.report('ReadyRole', ['a'], { revision: 1 })
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in' })
    fabric.report('ReadyRole', ['a'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
  })

  it('never happens to an endpoint that ignores status, nor to instance input endpoints (L-6, L-13)', () => {
    const parcel = shipped()
    parcel.roles = [
      {
        endpoints:
          '<InputEndpoint name="Forward" protocol="tcp" port="3389" ignoreRoleInstanceStatus="true"/>' +
          '<InstanceInputEndpoint name="Direct" protocol="tcp" localPort="7000"><AllocatePublicPortFrom><FixedPortRange min="7100" max="7110"/></AllocatePublicPortFrom></InstanceInputEndpoint>',
      },
    ]
    const fabric = deployed(parcel)
    fabric.report('CyclingRole')
    const endpoints = [...fabric.state.observed.rotation.endpoints.values()].flat()
    assert.deepEqual(
      endpoints.map(({ port, members }) => [port, members.map(({ state, probe }) => [state, probe])]),
      [
        [
          3389,
          [
            ['in', undefined],
            ['in', undefined],
          ],
        ],
        [7100, [['in', undefined]]],
        [7101, [['in', undefined]]],
      ],
    )
  })
})

describe('a host that is lost', () => {
  function silent(ms: number): Fabric {
    const fabric = deployed()
    fabric.host('c', { faultDomain: 1 })
    passHearing(fabric, ['a', 'c'], ms)
    return fabric
  }

  /** Time passes, in which these hosts say every ten seconds that all is well; the others are silent. */
  function passHearing(fabric: Fabric, hosts: readonly string[], ms: number): void {
    for (let passed = 0; passed < ms; passed += 10_000) {
      fabric.pass(10_000)
      fabric.report('ReadyRole', hosts)
    }
  }

  it('takes its instances out of rotation, and nowhere else before hostRecoverBudget (H-7, H-16)', () => {
    const fabric = silent(timers.hostLostAfter)
    assert.deepEqual(statuses(fabric), ['ReadyRole', 'RoleStateUnknown'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'out' })
    assert.deepEqual(
      fabric.instances().map(({ host }) => host),
      ['a', 'b'],
    )
  })

  it('is lost, too, above a store that refuses now and then: it is given the time in which it could not be heard, no more (H-37)', () => {
    const fabric = deployed()
    const deafMs = 5_000
    for (let passed = 0; passed < timers.hostLostAfter; passed += 10_000) {
      assert.deepEqual(statuses(fabric), ['ReadyRole', 'ReadyRole'])
      fabric.pass(10_000)
      fabric.now += deafMs
      fabric.state = controller.unheard?.(fabric.state, deafMs, fabric.now).state ?? assert.fail()
      fabric.report('ReadyRole', ['a'])
    }
    assert.deepEqual(statuses(fabric), ['ReadyRole', 'RoleStateUnknown'])
  })

  it('is given hostLostAfter anew by a controller that was stopped, unless it was overdue by then (H-37)', () => {
    const heardAfter = (silentMs: number) => {
      const fabric = deployed()
      const heard = fabric.now
      const { state, touched } =
        controller.lapsed?.(fabric.state, 3_600_000, heard + silentMs + 3_600_000) ?? assert.fail()
      assert.ok(touched.includes('pool'))
      assert.equal(state.startedAt, state.observed.heard.get('a'), 'and so is who was not heard yet')
      return (state.observed.heard.get('a') ?? 0) - heard - 3_600_000
    }
    assert.deepEqual([0, 7, timers.hostLostAfter - 1, timers.hostLostAfter, timers.hostLostAfter + 5].map(heardAfter), [
      0,
      7,
      timers.hostLostAfter - 1,
      0,
      0,
    ])
  })

  it('gives them to another host of the fault domain after it, every drive rebuilt (H-16)', () => {
    const fabric = silent(timers.hostLostAfter + timers.hostRecoverBudget)
    const [, healed] = fabric.instances()
    assert.equal(healed?.host, 'c')
    assert.deepEqual([healed.placement, healed.upgradeDomain, healed.faultDomain], [2, 1, 1])
    assert.deepEqual(healed.told.epochs, { guest: 2, c: 2, d: 2, e: 2 })
    assert.deepEqual(goalOf(fabric.state, 'b').instances, [])
    const topology = goalOf(fabric.state, 'a').instances[0]?.guest.topology
    assert.equal(topology?.find(({ id }) => id === 'Web_IN_1')?.address, healed.address, 'its peers are told (U-52)')
    fabric.report('ReadyRole', ['c'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
  })

  it('has them wait until there is room, and heals then', () => {
    const parcel = shipped()
    parcel.roles = [{ size: 'ExtraLarge' }]
    const fabric = deployed(parcel)
    passHearing(fabric, ['a'], timers.hostLostAfter + timers.hostRecoverBudget)
    const waits = () =>
      fabric.state.stored.event
        .valueSeq()
        .filter(({ kind }) => kind === 'HealingWaits')
        .count()
    assert.deepEqual([fabric.instances()[1]?.host, waits()], ['b', 1])
    fabric.host('z', { faultDomain: 1 })
    assert.deepEqual([fabric.instances()[1]?.host, fabric.instances()[1]?.placement, waits()], ['z', 2, 1])
  })

  it('gives them to a host of a rack that came later, which further instances may use too (H-16, A-19)', () => {
    const parcel = shipped()
    parcel.roles = [{ size: 'ExtraLarge' }]
    const fabric = deployed(parcel)
    passHearing(fabric, ['a'], timers.hostLostAfter + timers.hostRecoverBudget)
    fabric.host('z', { faultDomain: 7 })
    fabric.host('y', { faultDomain: 8 })
    const reply = fabric.ask({
      kind: 'changeConfiguration',
      deployment: production,
      configuration: configuration({ Web: 3 }),
      mode: 'Auto',
      treatWarningsAsError: false,
      extendedProperties: {},
    })
    assert.ok('accepted' in reply, JSON.stringify(reply))
    assert.deepEqual(
      fabric.instances().map(({ host, faultDomain }) => [host, faultDomain]),
      [
        ['a', 0],
        ['z', 1],
        ['y', 1],
      ],
    )
  })

  it('has nobody wait any more once all were healed', () => {
    const fabric = silent(timers.hostLostAfter + timers.hostRecoverBudget)
    assert.deepEqual([fabric.instances()[1]?.host, [...fabric.state.observed.unhealed.keys()]], ['c', []])
  })

  it('has them wait until a host that was serviced is given back, and heals there then (H-16, H-21)', () => {
    const fabric = fabricOf()
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 1 }) }))
    fabric.host('b')
    fabric.ask({ kind: 'drainHost', host: 'b' })
    for (let passed = 0; passed < timers.hostLostAfter + timers.hostRecoverBudget; passed += 10_000) {
      fabric.report('ReadyRole', ['b'])
      fabric.pass(10_000)
    }
    assert.equal(fabric.instances()[0]?.host, 'a', 'nobody comes to a host that is serviced')
    fabric.ask({ kind: 'endDrain', host: 'b' })
    assert.equal(fabric.instances()[0]?.host, 'b')
  })

  it('has them wait until another deployment takes less room, and heals then', () => {
    const parcel = { ...shipped(), policy: 'relaxed2011' as const }
    const fabric = fabricOf(parcel)
    const cores = { a: 1, b: 2 }
    const deploy = (service: string, host: keyof typeof cores, size: string) => {
      parcel.roles = [{ size }]
      parcel.sha256 = size
      fabric.host(host, { cores: cores[host] })
      fabric.ask({ ...createShop, service })
      fabric.ask(createDeployment({ service: service.toLowerCase(), configuration: configuration({ Web: 1 }) }))
    }
    deploy('Lost', 'a', 'Small')
    deploy('Large', 'b', 'Medium')
    for (let passed = 0; passed < timers.hostLostAfter + timers.hostRecoverBudget; passed += 10_000) {
      fabric.report('ReadyRole', ['b'])
      fabric.pass(10_000)
    }
    const hosts = () =>
      fabric
        .instances()
        .map(({ host, size }) => `${host} ${size}`)
        .toSorted()
    assert.deepEqual(hosts(), ['a Small', 'b Medium'])
    parcel.roles = [{ size: 'Small' }]
    parcel.sha256 = 'smaller'
    const deployment = { service: 'large', slot: 'Production' } as const
    fabric.ask(upgradeTo({ Web: 1 }, { deployment, force: true }))
    for (let round = 0; round < 4; round++) {
      obey(fabric)
      fabric.pass(timers.settleTime)
    }
    assert.deepEqual(hosts(), ['b Small', 'b Small'])
  })

  it('keeps them when it comes back in time', () => {
    const fabric = silent(timers.hostLostAfter)
    fabric.host('b', { faultDomain: 1 })
    fabric.report('ReadyRole', ['b'])
    assert.deepEqual(statuses(fabric), ['ReadyRole', 'ReadyRole'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
  })
})

describe('a controller that was killed', () => {
  it('takes up an operation at any point between two messages, and ends it (O-6)', () => {
    let fabric = fabricOf()
    const steps: readonly ((now: Fabric) => void)[] = [
      (now) => now.host('a'),
      (now) => now.host('b', { faultDomain: 1 }),
      (now) => now.ask(createShop, '7'.repeat(32)),
      (now) => now.ask(createDeployment(), '8'.repeat(32)),
      (now) => now.report('ReadyRole'),
      (now) => now.ask(remove, '9'.repeat(32)),
      (now) => now.acknowledge(keys(now)),
      allGone,
    ]
    for (const step of steps) {
      step(fabric)
      fabric = fabric.restarted()
    }
    assert.deepEqual(
      ['7', '8', '9'].map((digit) => fabric.operation(digit.repeat(32)).status),
      ['Succeeded', 'Succeeded', 'Succeeded'],
    )
    assert.equal(fabric.state.stored.deployment.size, 0)
  })

  it('leaves rotation as it was until a host has reported, or is lost (design.md 9.2)', () => {
    const fabric = deployed().restarted()
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
    assert.deepEqual(statuses(fabric), ['RoleStateUnknown', 'RoleStateUnknown'])
    fabric.host('a')
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in' })
    fabric.pass(timers.hostLostAfter)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'out' })
  })

  it('drops the instances of a placement that was not committed to its end, and places again (A-8)', () => {
    const disk = new Map<string, unknown>()
    const fabric = fabricOf(undefined, disk)
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment(), id)
    const deployment = fabric.deployment()
    disk.set(`deployment/${deployment.id}`, {
      ...deployment,
      request: { packageUrl: 'http://blobs/p', configuration: configuration({ Web: 2 }), treatWarningsAsError: false },
      versions: {},
      waiting: [{ operation: id, until: 'placed' }],
    })
    disk.set(`operation/${id}`, { ...fabric.operation(id), status: 'InProgress' })
    disk.delete('package/sha')
    const after = fabricOf(undefined, disk, 2, fabric.now)
    assert.equal(after.operation(id).status, 'Succeeded')
    assert.equal(after.instances().length, 2)
    assert.equal(after.state.derived.cores.get(deployment.subscriptionId), 2)
  })
})

describe('what a guest is told', () => {
  it('has its settings, ports as its host can bind them, and itself first among its peers (A-25, H-35)', () => {
    const parcel = shipped()
    parcel.roles = [
      {
        endpoints:
          '<InputEndpoint name="Http" protocol="http" port="80"/><InputEndpoint name="Alt" protocol="tcp" port="81" localPort="*"/><InternalEndpoint name="In" protocol="tcp"/>',
      },
    ]
    const fabric = fabricOf(parcel)
    fabric.host('a', { firstPort: 1024 })
    fabric.ask(createShop)
    fabric.ask(createDeployment())
    const [, second] = goalOf(fabric.state, 'a').instances
    assert.deepEqual(
      second?.guest.topology.map(({ id }) => id),
      ['Web_IN_1', 'Web_IN_0'],
    )
    assert.deepEqual(
      second.guest.topology[0]?.endpoints.map(({ name, port, publicAddress }) => [name, port, publicAddress]),
      [
        ['Http', 8080, `${fabric.view().vip}:80`],
        ['Alt', 20000, `${fabric.view().vip}:81`],
        ['In', 20001, undefined],
      ],
    )
  })
})
