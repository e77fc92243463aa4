/** A building with a service that runs, and ways to show a checker another one. */
import assert from 'node:assert/strict'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { UpdateRecord } from '../../src/fabric/controller/state/records/update.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { buildWorld } from '../../src/sim/build-world.ts'
import type { Checker } from '../../src/sim/checkers/checker.ts'
import type { allCheckers } from '../../src/sim/checkers.ts'
import type { World } from '../../src/sim/world.ts'

export const minuteMs = 60_000

/** A building in which a service with two web roles' instances has been Ready for two minutes. */
export function running(watching?: typeof allCheckers, balancers = 1): World {
  const world = buildWorld({ hosts: 2, coresOfHost: 4, faultDomains: 2, seed: 1, balancers }, watching)
  const { frontEnd, clock } = world
  world.runUntil(clock.now() + 1_000)
  frontEnd.send({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} })
  world.runUntil(clock.now() + 1_000)
  const roles = [{ name: 'Web', instances: 2, httpPort: 80 }]
  frontEnd.send(world.upload({ name: 'shop', roles }, { service: 'shop', slot: 'Production', start: true }))
  world.runUntil(clock.now() + 2 * minuteMs)
  return world
}

export function stateOf({ controller }: World): FabricState {
  const state = controller.state()
  assert.ok(state)
  return state
}

export function instancesOf(world: World): readonly [InstanceRecord, InstanceRecord] {
  const [first, second] = [...stateOf(world).stored.instance.values()].toSorted((a, b) => a.index - b.index)
  assert.ok(first && second)
  return [first, second]
}

/** The same building with a controller whose state is another one. */
export function withState(world: World, state: () => FabricState): World {
  return { ...world, controller: { ...world.controller, state } }
}

/** What a checker says when the state becomes that, after it has seen the true one. */
export function complaints(make: (world: World) => Checker, change: (world: World) => FabricState): readonly string[] {
  const world = running()
  let state = stateOf(world)
  const checker = make(withState(world, () => state))
  assert.deepEqual(checker.check([]), [])
  state = change(world)
  return checker.check([])
}

export function changed(world: World, change: Partial<InstanceRecord>): FabricState {
  const [first] = instancesOf(world)
  return keep(stateOf(world), put('instance', first.key, { ...first, ...change }))
}

/** An upgrade of two domains that is in the first. */
export const update: UpdateRecord = {
  id: 'u',
  kind: 'upgrade',
  from: 1,
  target: 2,
  mode: 'Auto',
  domains: 2,
  domain: 0,
  state: 'During',
  released: 1,
  since: 0,
  onFailure: 'hold',
}
