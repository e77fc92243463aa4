/** A host that is cut off from the fabric stops its guests before their instances start elsewhere; without a master nothing stops (H-38). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildWorld } from '../../src/sim/build-world.ts'
import { controllerName } from '../../src/sim/controller/process.ts'
import type { SimulatedHost } from '../../src/sim/host.ts'
import type { World } from '../../src/sim/world.ts'

const minuteMs = 60_000

/** Three machines that run a service of three instances, one each, Ready for two minutes. */
function threeMachines(severalMachines = true): World {
  const world = buildWorld({ hosts: 3, coresOfHost: 3, faultDomains: 3, seed: 1, severalMachines })
  pass(world, 1_000)
  world.frontEnd.send({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} })
  pass(world, 1_000)
  const roles = [{ name: 'Web', instances: 3, httpPort: 80 }]
  world.frontEnd.send(world.upload({ name: 'shop', roles }, { service: 'shop', slot: 'Production', start: true }))
  pass(world, 2 * minuteMs)
  return world
}

function pass(world: World, ms: number): void {
  world.runUntil(world.clock.now() + ms)
}

function hostOf(world: World, number = 0): SimulatedHost {
  const host = world.hosts.get(`host-${number}`)
  assert.ok(host)
  return host
}

const guests = (world: World) => [...world.hosts.values()].map(({ machine }) => machine.guests().length)

function eventsOf(world: World, kind: string) {
  return [...(world.controller.state()?.stored.event.values() ?? [])].filter((event) => event.kind === kind)
}

describe('a host among several machines', () => {
  it('stops its guests when it is cut off, before it can be lost, and says so when it is back', () => {
    const world = threeMachines()
    world.network.cut('host-0')
    pass(world, world.timers.hostIsolatedAfter - 3_000)
    assert.deepEqual(guests(world), [1, 1, 1])
    pass(world, 10_000)
    assert.deepEqual(guests(world), [0, 1, 1], 'within 47 s, while the fabric waits for 60')
    world.network.join('host-0')
    pass(world, 20_000)
    assert.deepEqual(guests(world), [1, 1, 1])
    const [event] = eventsOf(world, 'HostIsolated')
    assert.equal(event?.subject, 'host-0')
    assert.match(
      event?.reason ?? '',
      /^No master of the fabric answered this host for 4\d s, and no other machine does: /,
    )
    pass(world, minuteMs)
    assert.equal(
      world.controller.state()?.stored.instance.every(({ inRotation }) => inRotation),
      true,
    )
  })

  it('stops them with a full disk, too, on which nothing can be stored (F-28)', () => {
    const world = threeMachines()
    hostOf(world).disk.setFull(true)
    world.network.cut('host-0')
    pass(world, world.timers.hostIsolatedAfter + 7_000)
    assert.deepEqual(guests(world), [0, 1, 1])
  })

  it('starts nothing that runs elsewhere by then', () => {
    const world = threeMachines()
    world.network.cut('host-0')
    pass(world, 15 * minuteMs)
    assert.deepEqual(
      guests(world).reduce((sum, count) => sum + count),
      3,
      'each instance runs once',
    )
    world.network.join('host-0')
    pass(world, minuteMs)
    assert.deepEqual(
      guests(world).reduce((sum, count) => sum + count),
      3,
    )
  })

  it('stops nothing while no controller lives', () => {
    const world = threeMachines()
    world.controller.kill()
    pass(world, 20 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
    world.controller.start()
    pass(world, 2 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
    assert.deepEqual(eventsOf(world, 'HostLost').length, 0)
  })

  it('stops nothing while the controller alone is cut off from all', () => {
    const world = threeMachines()
    world.network.cut(controllerName)
    pass(world, 5 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
  })

  it('whose agent was stopped for long stops its guests first when it goes on, unless the master speaks before', () => {
    const world = threeMachines()
    const host = hostOf(world)
    host.pauseAgent()
    pass(world, 10 * minuteMs)
    world.network.cut('host-0')
    host.resumeAgent()
    pass(world, 20_000)
    assert.deepEqual(guests(world), [0, 1, 1])
  })

  it('goes on as it was when it slept and the master has given its instances to nobody', () => {
    const world = threeMachines()
    const host = hostOf(world)
    const [before] = host.machine.guests()
    host.pauseAgent()
    pass(world, 50_000)
    host.resumeAgent()
    pass(world, minuteMs)
    assert.equal(host.machine.guests()[0], before)
    assert.equal(host.agent()?.contact, undefined)
  })

  it('that was restarted starts nothing before it has heard the master', () => {
    const world = threeMachines()
    const host = hostOf(world)
    world.network.cut('host-0')
    host.powerOff()
    pass(world, 1_000)
    host.powerOn()
    pass(world, 5 * minuteMs)
    assert.deepEqual(guests(world), [0, 1, 1])
    world.network.join('host-0')
    pass(world, minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
  })

  it('is not misled by its clock', () => {
    const world = threeMachines()
    for (const ms of [3_600_000, -3_600_000, 300_000]) {
      hostOf(world).setClock(ms)
      pass(world, 5 * minuteMs)
    }
    assert.deepEqual(guests(world), [1, 1, 1])
    assert.deepEqual([...eventsOf(world, 'HostIsolated'), ...eventsOf(world, 'HostLost')], [])
  })
})

describe('the hosts of one machine', () => {
  it('run on when the controller cannot be reached', () => {
    const world = threeMachines(false)
    world.network.cut('host-0')
    pass(world, 5 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
  })
})
