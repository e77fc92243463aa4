/**
 * Several load balancers in one building, each with its own table, cut off, stopped, dead, and back: nothing stops at an instance to which one still
 * leads (L-1, H-27), and one machine has the VIPs.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SimulatedBalancer } from '../../src/sim/balancer.ts'
import { buildWorld } from '../../src/sim/build-world.ts'
import { outBeforeStopping } from '../../src/sim/checkers/out-before-stopping.ts'
import { vipHolders } from '../../src/sim/checkers/vip-holders.ts'
import type { Fact } from '../../src/sim/fact.ts'
import type { World } from '../../src/sim/world.ts'
import { instancesOf, minuteMs, running, stateOf } from './running.ts'

const second = ({ balancers }: World) => balancers[1] as SimulatedBalancer
const pass = (world: World, ms: number) => world.runUntil(world.clock.now() + ms)

/** For longer than any stop waits. */
const waitedMs = minuteMs

/** Asks for a stop of everything, and says how long it took until the hosts were told, in milliseconds. */
function suspended(world: World): number {
  const { frontEnd, clock } = world
  const began = clock.now()
  frontEnd.send({
    kind: 'updateDeploymentStatus',
    deployment: { service: 'shop', slot: 'Production' },
    status: 'Suspended',
  })
  const told = () => instancesOf(world).every((instance) => instance.told.run === 'Stopped')
  assert.ok(world.runToward(told, waitedMs))
  return clock.now() - began
}

describe('a stop with three load balancers, every checker on', () => {
  it('has each of them lead nobody to the instances any more', () => {
    const world = running(undefined, 3)
    suspended(world)
    for (const { table } of world.balancers)
      assert.ok(table().endpoints.every(({ members }) => members.every(({ state }) => state !== 'in')))
  })

  it('waits for one whose messages are lost, which has the VIPs for two more seconds, and not for ever', () => {
    const world = running(undefined, 3)
    world.network.cut(second(world).name)
    assert.ok(suspended(world) > 2_000)
    pass(world, minuteMs)
  })

  it('waits for one that is back after a moment, and is then told', () => {
    const world = running(undefined, 3)
    const { name, table } = second(world)
    world.network.cut(name)
    world.clock.schedule(world.clock.now() + 1_500, () => world.network.join(name))
    suspended(world)
    pass(world, waitedMs)
    assert.equal(table().version, stateOf(world).observed.rotation.version)
  })

  it('does not wait for one that has been gone for long, and when that comes back, it gets its table before it serves', () => {
    const world = running(undefined, 3)
    second(world).kill()
    pass(world, minuteMs)
    assert.ok(suspended(world) < 2_000)
    second(world).start()
    pass(world, minuteMs)
    assert.equal(second(world).table().version, stateOf(world).observed.rotation.version)
  })

  it('under a new master waits for all that may still serve', () => {
    const world = running(undefined, 3)
    world.network.cut(second(world).name)
    world.controller.start()
    assert.ok(suspended(world) > 2_000)
  })

  it('is complained of by the checker when one of them still leads there, and not when that has lost the VIPs', () => {
    const world = running(undefined, 3)
    const [{ key, host, containerId }] = instancesOf(world)
    const fact: Fact = { kind: 'roleStopping', host, key, containerId, accepted: 1, asked: false }
    const checker = outBeforeStopping(world)
    const gone = (name: string) => ({ ...world.network, isCut: (party: string) => party === name })
    assert.match(checker.check([fact])[0] ?? '', /Stopping was raised in .*Web_IN_0 while it was in rotation/)
    const alone = outBeforeStopping({ ...world, balancers: world.balancers.slice(0, 2), network: gone('balancer-0') })
    assert.match(alone.check([fact]).join(), /while it was in rotation/)
    const both = { ...world.network, isCut: () => true }
    const none = outBeforeStopping({ ...world, network: both })
    none.check([])
    pass(world, 2_500)
    assert.doesNotMatch(none.check([fact]).join(), /while it was in rotation/)
  })
})

describe('the VIPs of three machines with a controller and a load balancer each, every checker on', () => {
  const threeMachines = () => {
    const world = buildWorld({ hosts: 3, coresOfHost: 4, faultDomains: 3, seed: 1, balancers: 3, candidates: 3 })
    pass(world, 10_000)
    assert.deepEqual(holders(world), ['balancer-0'])
    return world
  }
  const holders = ({ vips }: World) => vips?.holders().map(({ balancer }) => balancer.name)

  it('leave the machine that is cut off after another has them, within 2 s, and do not come back with it', () => {
    const world = threeMachines()
    world.several?.partitions.cutOff('machine-0')
    pass(world, 1_000)
    assert.deepEqual(holders(world), ['balancer-0', 'balancer-1'])
    pass(world, 1_000)
    assert.deepEqual(holders(world), ['balancer-1'])
    world.several?.partitions.endAll()
    pass(world, minuteMs)
    assert.deepEqual(holders(world), ['balancer-1'])
  })

  it('leave a machine of which nothing arrives any more, although all arrives at it', () => {
    const world = threeMachines()
    for (const other of ['machine-1', 'machine-2']) world.several?.partitions.part('machine-0', other, 'one')
    pass(world, 2_000)
    assert.deepEqual(holders(world), ['balancer-1'])
  })

  it('leave a machine without power, and then one whose balancer is stopped or dead', () => {
    const world = threeMachines()
    world.several?.setPower('machine-0', false)
    pass(world, 1_000)
    assert.deepEqual(holders(world), ['balancer-1'])
    second(world).pause()
    pass(world, 2_500)
    assert.deepEqual(holders(world), ['balancer-2'])
    second(world).resume()
    pass(world, 10_000)
    world.balancers[2]?.kill()
    pass(world, 2_500)
    assert.deepEqual(holders(world), ['balancer-1'])
  })

  it('leave a machine whose host is drained, and only then', () => {
    const world = threeMachines()
    world.frontEnd.send({ kind: 'drainHost', host: 'host-0' })
    pass(world, 2_000)
    assert.deepEqual(holders(world), ['balancer-1'])
  })

  it('are complained of when a machine that is cut off has them, and when nobody has', () => {
    const world = threeMachines()
    const { vips } = world
    assert.ok(vips)
    const saidOf = (other: Partial<typeof vips>) => {
      const checker = vipHolders({ ...world, vips: { ...vips, ...other } })
      const looks = Array.from({ length: 6 }, () => {
        pass(world, 2_500)
        return checker.check([])
      })
      return looks.flat().join()
    }
    assert.equal(saidOf({}), '')
    assert.match(saidOf({ holders: () => [] }), /nobody has had the VIPs for \d+ ms, and one could/)
    assert.match(
      saidOf({ talk: () => false }),
      /the machine of balancer-0 has been cut off for 2500 ms and has the VIPs/,
    )
  })
})
