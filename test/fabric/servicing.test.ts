/** The platform's planned servicing: hosts that are drained, and newer releases of guest operating systems (H-21 to H-23, U-55, U-60). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HostView } from '../../src/fabric/contract/views.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { osFamilies } from '../../src/service-model/operating-systems.ts'
import {
  configuration,
  createDeployment,
  createShop,
  deployed,
  type Fabric,
  fabricOf,
  production,
  type Shipped,
  shipped,
  subscriptionId,
  timers,
} from './fabric.ts'
import { obey, type Trouble } from './obey.ts'
import { changeTo, goals, ofEach, refusedWith, rollBack, running, upgradeTo, walkOf } from './updates.ts'

const id = 'a'.repeat(32)
const oldest = 'WA-GUEST-OS-4.1_202601-01'
const newest = 'WA-GUEST-OS-4.2_202602-01'
const drain = (host: string) => ({ kind: 'drainHost', host }) as const
const endDrain = (host: string) => ({ kind: 'endDrain', host }) as const

/** Rounds, a settle time apart. */
function rounds(fabric: Fabric, count: number, trouble?: Trouble): void {
  for (let round = 0; round < count; round++) {
    obey(fabric, trouble)
    fabric.pass(timers.settleTime)
  }
}

/** The balancer has no connection left of those that leave the rotation. */
function letGo(fabric: Fabric): void {
  fabric.acknowledge([...fabric.state.observed.leaving.keys()])
}

function host(fabric: Fabric, name: string): HostView {
  const found = answerView(fabric.state, 'hosts', {}, fabric.now).find((one) => one.name === name)
  assert.ok(found)
  return found
}

const machines = (fabric: Fabric) => ofEach(fabric, ({ machine }) => machine)
const releases = (fabric: Fabric) => fabric.instances().map(({ release }) => release)

/** The fabric with a controller that knows a newer release of the guest OS. */
function released(fabric: Fabric, parcel: Shipped): Fabric {
  parcel.osFamilies = osFamilies.map((one) =>
    one.family === 4 ? { ...one, releases: [newest, ...one.releases] } : one,
  )
  const next = fabric.restarted()
  for (const record of next.state.stored.host.values()) next.tell({ kind: 'register', facts: record })
  return next
}

/** The deployment's configuration asks for family 4. */
const withFamily = (counts: Parameters<typeof configuration>[0], version = '*') =>
  configuration(counts).replace('<ServiceConfiguration ', `<ServiceConfiguration osFamily="4" osVersion="${version}" `)

describe('draining a host', () => {
  it('stops its instance gracefully, and the operation ends when nothing runs there any more (H-21, H-27)', () => {
    const fabric = deployed()
    fabric.ask(drain('a'), id)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'draining', Web_IN_1: 'in' })
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Started', Web_IN_1: 'Started' })
    letGo(fabric)
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Stopped', Web_IN_1: 'Started' })
    assert.equal(fabric.operation(id).status, 'InProgress')
    obey(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.equal(host(fabric, 'a').state, 'Drained')
    assert.equal(fabric.view().status, 'Running')
  })

  it('rebuilds E: and keeps C: and D: when the host is given back (table 3.1)', () => {
    const fabric = deployed()
    const before = goals(fabric)['Web_IN_0']?.epochs
    fabric.ask(drain('a'))
    rounds(fabric, 2)
    fabric.ask(endDrain('a'))
    const { epochs, machine } = goals(fabric)['Web_IN_0'] ?? {}
    assert.equal(machine, 'Started')
    assert.deepEqual(epochs, { ...before, e: 2 })
    rounds(fabric, 2)
    assert.equal(fabric.deployment().servicing, undefined)
    assert.deepEqual(host(fabric, 'a').waitsFor, [])
  })

  it('is refused for an unknown host, one that is drained already, and a second one; giving back what is in service too', () => {
    const fabric = deployed()
    assert.match(refusedWith(fabric.ask(drain('z'))).message, /No host is called "z"\. The hosts are: a, b\./)
    assert.match(refusedWith(fabric.ask(endDrain('a'))).message, /it is not being serviced/)
    fabric.ask(drain('A'), id)
    assert.match(refusedWith(fabric.ask(drain('a'))).message, /is being drained already/)
    assert.match(refusedWith(fabric.ask(drain('b'))).message, /one at a time, and a is being serviced/)
    fabric.ask(endDrain('a'), 'b'.repeat(32))
    const { status, error } = fabric.operation(id)
    assert.equal(status, 'Failed')
    assert.match(error?.message ?? '', /overtaken by the request with x-ms-requestid b+ on the same host/)
  })

  it('names the hosts that there are in their order, whichever registered first', () => {
    const fabric = fabricOf()
    for (const name of ['b', 'c', 'a']) fabric.host(name)
    assert.match(refusedWith(fabric.ask(drain('z'))).message, /The hosts are: a, b, c\./)
  })

  it('places nothing there meanwhile', () => {
    const fabric = deployed()
    fabric.ask(drain('a'))
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 3 }) }))
    const staged = fabric.deployment('Staging').id
    const hosts = fabric.instances().flatMap((one) => (one.deployment === staged ? [one.host] : []))
    assert.deepEqual(hosts, ['b', 'b', 'b'])
  })

  it('has instances of one domain down at a time: those of the others start elsewhere first, every drive rebuilt (H-21)', () => {
    const fabric = fabricOf()
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 3 }) }))
    rounds(fabric, 2)
    fabric.host('b')
    fabric.ask(drain('a'))
    // Domain 0 has two of the three there, so that it stays.
    assert.match(host(fabric, 'a').waitsFor[0] ?? '', /domain 1: waits for the stop of Web_IN_1/)
    letGo(fabric)
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Started', Web_IN_1: 'Stopped', Web_IN_2: 'Started' })
    obey(fabric)
    const { host: now, epochs } = fabric.instances().find(({ name }) => name === 'Web_IN_1') ?? {}
    assert.deepEqual([now, epochs?.c], ['b', 2])
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Started', Web_IN_1: 'Started', Web_IN_2: 'Started' })
    rounds(fabric, 3)
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Stopped', Web_IN_1: 'Started', Web_IN_2: 'Stopped' })
    assert.equal(host(fabric, 'a').state, 'Drained')
  })

  it('waits for an update of the deployment and says so; one that comes later waits for it (U-55)', () => {
    const fabric = running({ Web: 4 })
    fabric.ask(upgradeTo({ Web: 4 }, { mode: 'Manual' }))
    const { host: name } = fabric.instances()[1] ?? { host: '' }
    fabric.ask(drain(name))
    rounds(fabric, 3)
    assert.ok(Object.values(machines(fabric)).every((machine) => machine === 'Started'))
    assert.match(host(fabric, name).waitsFor[0] ?? '', /waits for the end of an update of v1: .*Walk Upgrade Domain 0/)
    fabric.ask(rollBack())
    rounds(fabric, 3)
    assert.equal(host(fabric, name).state, 'Drained')
    fabric.ask(upgradeTo({ Web: 4 }, { mode: 'Manual' }))
    fabric.ask(walkOf(0))
    rounds(fabric, 3)
    assert.match(fabric.view().upgrade?.waitsFor ?? '', /waits for the end of drain of /)
    fabric.ask(endDrain(name))
    rounds(fabric, 3)
    assert.equal(fabric.deployment().update?.domain, 1)
  })

  it('gives an update that had to wait its whole time afterwards (U-29, U-55)', () => {
    const fabric = fabricOf()
    fabric.host('a', { cores: 1 })
    fabric.host('b', { cores: 1, faultDomain: 1 })
    fabric.ask(createShop)
    fabric.ask(createDeployment())
    rounds(fabric, 2)
    fabric.ask(drain('a'))
    rounds(fabric, 2)
    fabric.ask(upgradeTo({ Web: 2 }))
    // The other host has no room, so that the instance is not healed there either.
    rounds(fabric, timers.roleReadyTimeout / timers.settleTime + 2)
    const { update } = fabric.deployment()
    assert.deepEqual([update?.state, update?.domain, update?.held], ['Before', 0, undefined])
    assert.match(fabric.view().upgrade?.waitsFor ?? '', /waits for the end of drain of a, domain 0/)
    fabric.ask(endDrain('a'))
    rounds(fabric, 1)
    obey(fabric)
    assert.equal(fabric.deployment().servicing, undefined)
    assert.equal(fabric.deployment().update?.since, fabric.now)
  })

  it('waits for a lost host to be heard again, even if nothing stands there: what runs on it is not known (H-21)', () => {
    const fabric = deployed()
    fabric.host('c')
    for (let passed = 0; passed < timers.hostLostAfter; passed += 10_000) {
      fabric.pass(10_000)
      fabric.report('ReadyRole', ['a', 'b'])
    }
    assert.equal(host(fabric, 'c').state, 'Lost')
    fabric.ask(drain('c'), id)
    assert.deepEqual([fabric.operation(id).status, host(fabric, 'c').state], ['InProgress', 'Draining'])
    assert.match(host(fabric, 'c').waitsFor[0] ?? '', /is lost: waits until it is heard again/)
    fabric.host('c')
    assert.deepEqual([fabric.operation(id).status, host(fabric, 'c').state], ['Succeeded', 'Drained'])
  })

  it('leaves what its customer has suspended there, however long it is away; what would run starts elsewhere (H-16)', () => {
    const fabric = fabricOf()
    for (const name of ['a', 'b']) fabric.host(name)
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 1 }) }))
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 1 }) }))
    obey(fabric)
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: { ...production, slot: 'Staging' }, status: 'Suspended' })
    rounds(fabric, 1)
    const hostsOf = (slot: 'Production' | 'Staging') =>
      fabric.instances().flatMap((one) => (one.deployment === fabric.deployment(slot).id ? [one.host] : []))
    const [name = ''] = hostsOf('Staging')
    fabric.ask(drain(name))
    rounds(fabric, 3)
    assert.equal(host(fabric, name).state, 'Drained')
    rounds(fabric, timers.hostRecoverBudget / timers.settleTime + 2)
    assert.deepEqual(hostsOf('Staging'), [name])
    assert.notDeepEqual(hostsOf('Production'), [name])
  })

  it('outlives a restart of the controller', () => {
    const fabric = deployed()
    fabric.ask(drain('a'), id)
    obey(fabric)
    const next = fabric.restarted()
    for (const record of next.state.stored.host.values()) next.tell({ kind: 'register', facts: record })
    rounds(next, 2)
    assert.equal(next.operation(id).status, 'Succeeded')
    assert.deepEqual(machines(next), { Web_IN_0: 'Stopped', Web_IN_1: 'Started' })
  })

  it('heals elsewhere what stands still for longer than hostRecoverBudget (H-16)', () => {
    const fabric = running({ Web: 2 })
    const { host: name } = fabric.instances()[0] ?? { host: '' }
    fabric.ask(drain(name))
    rounds(fabric, 2)
    rounds(fabric, timers.hostRecoverBudget / timers.settleTime - 3)
    assert.equal(fabric.instances()[0]?.host, name)
    rounds(fabric, 4)
    assert.notEqual(fabric.instances()[0]?.host, name)
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Started', Web_IN_1: 'Started' })
    assert.equal(fabric.deployment().servicing, undefined)
    assert.equal(host(fabric, name).state, 'Drained')
  })

  it('is done at once where all instances stand still already', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
    rounds(fabric, 2)
    fabric.ask(drain('a'), id)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.equal(host(fabric, 'a').state, 'Drained')
  })

  it('keeps an instance down that is resumed while its host is drained (U-63)', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
    rounds(fabric, 1)
    fabric.ask(drain('a'), id)
    rounds(fabric, 1)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Running' })
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Stopped', Web_IN_1: 'Started' })
    fabric.ask(endDrain('a'))
    assert.deepEqual(machines(fabric), { Web_IN_0: 'Started', Web_IN_1: 'Started' })
  })

  it('refuses to restart an instance that stands still for it, and restarts the others (D-22)', () => {
    const fabric = deployed()
    fabric.ask(drain('a'))
    rounds(fabric, 2)
    const { told, epochs } = fabric.instances()[0] ?? {}
    for (const kind of ['rebootInstance', 'reimageInstance', 'rebuildInstance'] as const) {
      const refusal = refusedWith(fabric.ask({ kind, deployment: production, instance: 'Web_IN_0' }))
      assert.equal(refusal.code, 'ConflictError')
      assert.match(
        refusal.message,
        /Web_IN_0 is stopped for the drain of a, and cannot be restarted: it starts anew when/,
      )
    }
    assert.deepEqual([fabric.instances()[0]?.told, fabric.instances()[0]?.epochs], [told, epochs])
    fabric.ask({ kind: 'rebootInstance', deployment: production, instance: 'Web_IN_1' }, id)
    obey(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('names a restart that was asked for just before it, beside itself (D-21)', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'reimageInstance', deployment: production, instance: 'Web_IN_0' }, id)
    fabric.ask(drain('a'))
    obey(fabric)
    const event = fabric.state.stored.event.find(({ kind }) => kind === 'ToldStopped')
    assert.equal(
      event?.reason,
      `drain of a, domain 0: Web_IN_0 stops until the host is given back; and reimage asked for by request ${id}`,
    )
  })

  it('forbids a swap in either slot until all are back (U-60)', () => {
    const fabric = running({ Web: 2 })
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 2 }) }))
    rounds(fabric, 2)
    const { host: name } = fabric.instances()[0] ?? { host: '' }
    fabric.ask(drain(name))
    const swap = { kind: 'swap', service: 'shop', production: 'v1', source: 'v2' } as const
    const { code, message } = refusedWith(fabric.ask(swap))
    assert.equal(code, 'VipSwapNotAllowedAsRollingUpgradeIsInProgress')
    assert.match(message, /is being serviced \(drain of h\d, domain 0\)/)
  })

  it('is a restart in the events of the deployment (D-21)', () => {
    const fabric = deployed()
    fabric.ask(drain('a'))
    rounds(fabric, 2)
    fabric.ask(endDrain('a'))
    const ask = { subscriptionId, deployment: production, from: 0, until: fabric.now }
    const restarts = answerView(fabric.state, 'restarts', ask, fabric.now)
    assert.deepEqual(
      restarts?.map(({ instance }) => instance),
      ['Web_IN_0'],
    )
  })

  it('is one too when its owner had started the deployment at some time before (D-21)', () => {
    const fabric = deployed()
    for (const status of ['Suspended', 'Running'] as const) {
      fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status })
      rounds(fabric, 2)
    }
    fabric.ask(drain('a'))
    rounds(fabric, 2)
    fabric.ask(endDrain('a'))
    const ask = { subscriptionId, deployment: production, from: 0, until: fabric.now }
    const restarts = answerView(fabric.state, 'restarts', ask, fabric.now)
    assert.deepEqual(
      restarts?.map(({ instance }) => instance),
      ['Web_IN_0'],
    )
  })
})

describe('a start by the owner while the platform services', () => {
  const set = (status: 'Running' | 'Suspended') =>
    ({ kind: 'updateDeploymentStatus', deployment: production, status }) as const
  const restarts = (fabric: Fabric) =>
    answerView(
      fabric.state,
      'restarts',
      { subscriptionId, deployment: production, from: 0, until: fabric.now },
      fabric.now,
    )

  it('is no restart in the events of the deployment, be it for a drain or for a guest OS (D-21)', () => {
    const drained = deployed()
    drained.ask(drain('a'))
    rounds(drained, 2)
    for (const status of ['Suspended', 'Running'] as const) {
      drained.ask(set(status))
      rounds(drained, 1)
    }
    drained.ask(endDrain('a'))
    assert.deepEqual(machines(drained), { Web_IN_0: 'Started', Web_IN_1: 'Started' })
    assert.deepEqual(restarts(drained), [])

    const parcel = shipped()
    const fabric = released(running({ Web: 2 }, parcel, { configuration: withFamily({ Web: 2 }) }), parcel)
    const busy: Trouble = ({ machine }) => (machine === 'Started' ? { status: 'BusyRole' } : undefined)
    obey(fabric)
    rounds(fabric, 1, busy)
    fabric.ask(set('Suspended'))
    rounds(fabric, 1, busy)
    fabric.ask(set('Running'))
    assert.deepEqual(
      restarts(fabric)?.map(({ reason }) => reason),
      [`guest OS ${newest}, domain 0: Web_IN_0 stops and starts with it`],
    )
  })
})

describe('a newer release of a guest operating system', () => {
  function service(counts: Parameters<typeof configuration>[0], version?: string) {
    const parcel = shipped()
    const fabric = running(counts, parcel, { configuration: withFamily(counts, version) })
    return { parcel, fabric }
  }

  it('goes through the domains like an upgrade: D: and E: rebuilt, C: kept (H-22, table 3.1)', () => {
    const { fabric: former, parcel } = service({ Web: 4 })
    assert.deepEqual(releases(former), Array(4).fill(oldest))
    const before = goals(former)['Web_IN_0']?.epochs
    const fabric = released(former, parcel)
    assert.deepEqual(releases(fabric), Array(4).fill(oldest))
    obey(fabric)
    obey(fabric)
    assert.deepEqual(releases(fabric), [newest, oldest, newest, oldest])
    assert.deepEqual(goals(fabric)['Web_IN_0']?.epochs, { c: before?.c, guest: 2, d: 2, e: 2 })
    assert.equal(fabric.view().roles[0]?.osVersion, oldest)
    rounds(fabric, 3)
    assert.deepEqual(releases(fabric), Array(4).fill(newest))
    assert.equal(fabric.view().roles[0]?.osVersion, newest)
    rounds(fabric, 2)
    assert.equal(fabric.deployment().servicing, undefined)
  })

  it('goes on while the drain of a host waits for room (H-21, H-22)', () => {
    const parcel = shipped()
    const former = fabricOf(parcel)
    former.host('a')
    former.ask(createShop)
    former.ask(createDeployment({ configuration: withFamily({ Web: 2 }) }))
    rounds(former, 2)
    former.ask(drain('a'))
    rounds(former, 2)
    assert.match(host(former, 'a').waitsFor[0] ?? '', /no other host has room\. Add a host, or make room/)
    const fabric = released(former, parcel)
    rounds(fabric, 2)
    assert.deepEqual(releases(fabric), [newest, oldest])
    rounds(fabric, 3)
    assert.deepEqual(releases(fabric), [newest, newest])
    assert.equal(host(fabric, 'a').state, 'Draining')
  })

  it('is what an instance of a lost host starts with elsewhere, before the walk has come to its domain (H-16, H-22)', () => {
    const { fabric: former, parcel } = service({ Web: 2 })
    const fabric = released(former, parcel)
    obey(fabric)
    const lost = fabric.instances()[1]?.host
    const others = [...fabric.state.stored.host.keys()].filter((name) => name !== lost)
    for (let passed = 0; passed < timers.hostLostAfter + timers.hostRecoverBudget; passed += timers.settleTime) {
      assert.deepEqual(releases(fabric), [newest, oldest])
      fabric.pass(timers.settleTime)
      fabric.report('BusyRole', others)
    }
    assert.notEqual(fabric.instances()[1]?.host, lost)
    assert.deepEqual(releases(fabric), [newest, newest])
  })

  it('leaves a fixed osVersion alone, and never goes back to an older one (H-22)', () => {
    const fixed = service({ Web: 2 }, oldest)
    const fabric = released(fixed.fabric, fixed.parcel)
    rounds(fabric, 3)
    assert.deepEqual(releases(fabric), [oldest, oldest])
    const { fabric: former, parcel } = service({ Web: 2 })
    const newer = released(former, parcel)
    rounds(newer, 5)
    assert.deepEqual(releases(newer), [newest, newest])
    delete parcel.osFamilies
    const back = newer.restarted()
    for (const record of back.state.stored.host.values()) back.tell({ kind: 'register', facts: record })
    rounds(back, 3)
    assert.deepEqual(releases(back), [newest, newest])
  })

  it('goes on after roleReadyTimeout from the beginning of the startup tasks, and not before (H-23)', () => {
    const { fabric: former, parcel } = service({ Web: 2 })
    const fabric = released(former, parcel)
    const isFirst = (key: string) => key.endsWith('Web_IN_0')
    const starting: Trouble = ({ key }) => (isFirst(key) ? { status: 'CreatingRole' } : undefined)
    const busy: Trouble = ({ key }) => (isFirst(key) ? { status: 'BusyRole' } : undefined)
    const half = timers.roleReadyTimeout / 2 / timers.settleTime
    obey(fabric)
    rounds(fabric, half, starting)
    rounds(fabric, 2 * half, busy)
    assert.deepEqual(releases(fabric), [newest, oldest])
    rounds(fabric, 1, busy)
    assert.deepEqual(releases(fabric), [newest, newest])
  })

  it('names those alone who are late, and nobody who is Ready or stands still (H-23)', () => {
    const { fabric: former, parcel } = service({ Web: 4 })
    const fabric = released(former, parcel)
    const busy: Trouble = ({ key }) => (key.endsWith('Web_IN_2') ? { status: 'BusyRole' } : undefined)
    obey(fabric)
    rounds(fabric, timers.roleReadyTimeout / timers.settleTime + 1, busy)
    const ends = [...fabric.state.stored.event.values()].filter(({ kind }) => kind === 'ServicingEnded')
    const ended = ends.find(({ reason }) => reason.includes('domain 0'))
    assert.match(ended?.reason ?? '', /: goes on, although Web_IN_2 is BusyRole( \([^)]*\))? after roleReadyTimeout$/)
  })

  it('takes nobody for late after a restart of the controller before it has heard of him, and counts on (H-23)', () => {
    const { fabric: former, parcel } = service({ Web: 2 })
    const fabric = released(former, parcel)
    const busy: Trouble = ({ key }) => (key.endsWith('Web_IN_0') ? { status: 'BusyRole' } : undefined)
    obey(fabric)
    rounds(fabric, timers.roleReadyTimeout / timers.settleTime - 1, busy)
    const next = fabric.restarted()
    for (const record of next.state.stored.host.values()) next.tell({ kind: 'register', facts: record })
    next.pass(2 * timers.settleTime)
    assert.deepEqual(releases(next), [newest, oldest])
    rounds(next, 2, busy)
    assert.deepEqual(releases(next), [newest, newest])
  })

  it('is what new and healed instances begin with (H-16)', () => {
    const { fabric: former, parcel } = service({ Web: 2 })
    const fabric = released(former, parcel)
    rounds(fabric, 6)
    fabric.ask(changeTo(withFamily({ Web: 3 })))
    assert.equal(fabric.instances()[2]?.release, newest)
  })
})
