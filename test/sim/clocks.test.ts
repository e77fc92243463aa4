/** Clocks that differ, that are set, and masters that come and go: nobody is lost by it, and no limit is shortened (H-37, H-41). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildWorld } from '../../src/sim/build-world.ts'
import { carryOut } from '../../src/sim/commands.ts'
import type { World } from '../../src/sim/world.ts'

const minuteMs = 60_000

/** A fabric of several machines with a service that is Ready. */
function fabricOf(seed: number): World {
  const world = buildWorld({ hosts: 4, coresOfHost: 4, faultDomains: 2, seed, severalMachines: true, skewed: true })
  for (const command of [
    'wait 1s',
    'create service shop',
    'deploy shop to production: 4 Web at port 80',
    'wait until all of shop are ReadyRole',
    'wait 1min',
  ])
    carryOut(world, command)
  return world
}

function eventsOf({ controller }: World, ...kinds: readonly string[]) {
  return [...(controller.state()?.stored.event.values() ?? [])].filter(({ kind }) => kinds.includes(kind))
}

const updateOf = ({ controller }: World) => [...(controller.state()?.stored.deployment.values() ?? [])][0]?.update

/** What may happen to clocks; each lets time pass. */
const happenings: Readonly<Record<string, (world: World) => void>> = {
  'the clock of the master is set an hour forward': ({ controller }) => controller.setClock(3_600_000),
  'the clock of the master is set an hour back': ({ controller }) => controller.setClock(-3_600_000),
  'the clocks of all hosts are set an hour forward': ({ hosts }) => {
    for (const host of hosts.values()) host.setClock(3_600_000)
  },
  'the clocks of all hosts are set an hour back': ({ hosts }) => {
    for (const host of hosts.values()) host.setClock(-3_600_000)
  },
  'a master with another clock takes over': ({ controller }) => controller.start(),
  'the master is stopped for half an hour': (world) => {
    world.controller.pause()
    world.runUntil(world.clock.now() + 30 * minuteMs)
    world.controller.resume()
  },
}

describe('clocks', () => {
  for (const [what, happens] of Object.entries(happenings))
    it(`lose nobody when ${what}`, () => {
      for (let seed = 1; seed <= 4; seed++) {
        const world = fabricOf(seed)
        happens(world)
        world.runUntil(world.clock.now() + 20 * minuteMs)
        assert.deepEqual(eventsOf(world, 'HostLost', 'HostIsolated', 'Healed'), [])
      }
    })

  for (const [what, happens] of Object.entries(happenings).filter(([name]) => name.includes('master')))
    it(`leave an update its whole time when ${what}`, () => {
      for (let seed = 1; seed <= 3; seed++) {
        const world = fabricOf(seed)
        for (const command of ['package v2: is busy', 'upgrade shop to v2', 'wait 20min']) carryOut(world, command)
        assert.ok(updateOf(world))
        assert.equal(updateOf(world)?.held, undefined)
        happens(world)
        world.runUntil(world.clock.now() + 9 * minuteMs)
        assert.equal(updateOf(world)?.held, undefined)
        world.runUntil(world.clock.now() + 31 * minuteMs)
        assert.equal(updateOf(world)?.held?.code, 'OperationTimedOut')
      }
    })
})
