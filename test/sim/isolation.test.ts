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
  deployed(world, 3)
  return world
}

function deployed(world: World, instances: number): void {
  pass(world, 5_000)
  world.frontEnd.send({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} })
  pass(world, 1_000)
  const roles = [{ name: 'Web', instances, httpPort: 80 }]
  world.frontEnd.send(world.upload({ name: 'shop', roles }, { service: 'shop', slot: 'Production', start: true }))
  pass(world, 2 * minuteMs)
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

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

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
    assert.deepEqual(sum(guests(world)), 3, 'each instance runs once')
    world.network.join('host-0')
    pass(world, minuteMs)
    assert.deepEqual(sum(guests(world)), 3)
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

describe('machines that are cut off together', () => {
  /** So many machines, each with an instance, three of them with candidates; guests by machine after some are cut off from the rest for that long. */
  function cutOffFrom(
    count: number,
    cut: readonly number[],
    ms: number,
    timers: Partial<World['timers']> = { hostRecoverBudget: 30_000 },
  ) {
    const world = buildWorld({
      hosts: count,
      coresOfHost: 4,
      faultDomains: count,
      seed: 1,
      candidates: 3,
      timers,
    })
    deployed(world, count)
    const isMaster = (number: number) => world.several?.master()?.name === `controller-${number}`
    // The master is on the other side.
    assert.equal(cut.some(isMaster), false)
    world.several?.partitions.cutOff(...cut.map((number) => `machine-${number}`))
    pass(world, ms)
    return world
  }

  it('stop their guests where they are fewer than half, and their instances start elsewhere', () => {
    const before = cutOffFrom(5, [3, 4], 50_000)
    assert.deepEqual(guests(before), [1, 1, 1, 0, 0])
    const after = cutOffFrom(5, [3, 4], 10 * minuteMs)
    assert.equal(sum(guests(after)), 5)
    assert.match(
      eventsOf(after, 'HostLost')
        .map(({ subject }) => subject)
        .join(),
      /host-3.*host-4|host-4.*host-3/,
    )
  })

  it('run on where they are half or more, and the master heals nothing until an operator knows more', () => {
    const world = cutOffFrom(4, [2, 3], 10 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1, 1])
    assert.match(
      eventsOf(world, 'BrakeOn')
        .map(({ reason }) => reason)
        .join(),
      /half of all machines or more, host-2 and host-3 among them, may run on without this controller/,
    )
    world.several?.partitions.endAll()
    pass(world, minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1, 1])
    assert.equal(eventsOf(world, 'BrakeOff').length, 1)
  })

  for (const afterMs of [35_000, 39_000, 42_000, 45_000, 50_000, 55_000, 58_000, 61_000, 5 * minuteMs])
    it(`leave the one that stays cut off its time to find out when the other is back after ${afterMs / 1_000} s`, () => {
      const world = cutOffFrom(4, [2, 3], 0, { hostRecoverBudget: 0 })
      pass(world, afterMs)
      world.several?.partitions.endAll()
      world.several?.partitions.cutOff('machine-3')
      pass(world, 4 * minuteMs)
      assert.deepEqual([guests(world)[3], sum(guests(world))], [0, 4])
    })

  it('find out in time with short timers, too, where one of them does not reach the master alone', () => {
    const timers = {
      hostIsolatedAfter: 12_000,
      hostLostAfter: 20_000,
      hostRecoverBudget: 0,
      heartbeatInterval: 1_000,
    }
    const world = cutOffFrom(3, [], 0, timers)
    const master = world.several?.master()?.name.replace('controller', 'machine') ?? ''
    const parted = master === 'machine-2' ? 1 : 2
    world.several?.partitions.part(`machine-${parted}`, master, 'both')
    pass(world, 5 * minuteMs)
    assert.deepEqual([guests(world)[parted], sum(guests(world))], [0, 3])
    assert.equal(eventsOf(world, 'BrakeOn').length, 0)
  })

  it('run on where the master hears one of them, and that one gets no answer', () => {
    const world = cutOffFrom(4, [], 0)
    for (const machine of ['machine-0', 'machine-1']) {
      world.several?.partitions.part('machine-3', machine, 'both')
      world.several?.partitions.part(machine, 'machine-2', 'one')
    }
    pass(world, 15 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1, 1])
  })

  it('run on, also where the master is stopped now and then, and what it slept through is no sign of life', () => {
    const world = cutOffFrom(4, [3], 3_000)
    world.several?.partitions.endAll()
    world.several?.partitions.cutOff('machine-2', 'machine-3')
    pass(world, 56_500)
    for (let passed = 0; passed < 15 * minuteMs; passed += 30_000) {
      world.controller.pause()
      pass(world, 2_500)
      world.controller.resume()
      pass(world, 27_500)
    }
    assert.deepEqual(guests(world), [1, 1, 1, 1])
  })

  it('count one that an operator knew to be off, when it is on again', () => {
    const world = cutOffFrom(6, [], 0)
    for (const number of [3, 4, 5]) world.several?.setPower(`machine-${number}`, false)
    pass(world, 5 * minuteMs)
    world.frontEnd.send({ kind: 'releaseBrake' })
    pass(world, 5 * minuteMs)
    assert.equal(sum(guests(world).slice(0, 3)), 6, 'they were healed')
    const [, , had] = guests(world)
    world.several?.partitions.cutOff('machine-2', 'machine-3', 'machine-4', 'machine-5')
    for (const number of [3, 4, 5]) world.several?.setPower(`machine-${number}`, true)
    pass(world, 15 * minuteMs)
    assert.deepEqual(guests(world).slice(2), [had, 0, 0, 0])
  })

  it('keep the numbers of what they run and was to go: none is given anew meanwhile', () => {
    const world = cutOffFrom(8, [], 0)
    const configure = (instances: number) =>
      world.frontEnd.send({
        kind: 'changeConfiguration',
        deployment: { service: 'shop', slot: 'Production' },
        configuration: world.pack({ name: 'shop', roles: [{ name: 'Web', instances, httpPort: 80 }] }).configuration,
        mode: 'Auto',
        treatWarningsAsError: false,
        extendedProperties: {},
      })
    world.several?.partitions.cutOff('machine-4', 'machine-5', 'machine-6', 'machine-7')
    pass(world, 5_000)
    configure(2)
    pass(world, 5 * minuteMs)
    configure(8)
    pass(world, 15 * minuteMs)
    assert.equal(sum(guests(world).slice(4)), 4)
    world.several?.partitions.endAll()
    pass(world, 45 * minuteMs)
    assert.deepEqual(
      [...(world.controller.state()?.stored.instance.values() ?? [])].map(({ told }) => told.run).includes('Gone'),
      false,
    )
  })

  it('and one of which falls silent and is heard again and again does not keep the dead one from being healed', () => {
    const world = cutOffFrom(4, [], 0)
    world.several?.setPower('machine-3', false)
    for (let passed = 0; passed < 10 * minuteMs; passed += 60_000) {
      world.network.cut('host-2')
      pass(world, 45_000)
      world.network.join('host-2')
      pass(world, 15_000)
    }
    assert.deepEqual([guests(world)[3], sum(guests(world))], [0, 4])
  })

  it('run on where a filter keeps all of them from the master that lives (never two of one instance)', () => {
    const world = cutOffFrom(3, [], 0)
    const master = world.several?.master()?.name.replace('controller', 'machine') ?? ''
    world.several?.partitions.part(master, 'hosts', 'both')
    pass(world, 10 * minuteMs)
    assert.deepEqual(guests(world), [1, 1, 1])
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
