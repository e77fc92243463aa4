/** The checker of planned servicing can complain: it is shown what it must not let pass. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Change } from '../../src/fabric/controller/state/change.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { UpdateRecord } from '../../src/fabric/controller/state/records/update.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { servicing } from '../../src/sim/checkers/servicing.ts'
import { starting } from '../../src/sim/checkers/starting.ts'
import type { World } from '../../src/sim/world.ts'
import { complaints, instancesOf, minuteMs, running, stateOf, update, withState } from './running.ts'

/** The instance as it is when the fabric has told it to stand still. */
function stopped({ key, ...instance }: InstanceRecord): Change {
  const revision = instance.told.revision + 1
  const told = { ...instance.told, run: 'Stopped' as const, revision, runRevision: revision }
  return put('instance', key, { ...instance, key, told })
}

/** The instance with another release of the guest OS, for which it starts anew. */
function renewed({ key, ...instance }: InstanceRecord): Change {
  const revision = instance.told.revision + 1
  const told = { ...instance.told, revision, runRevision: revision }
  return put('instance', key, { ...instance, key, told, release: 'another' })
}

function updating(world: World, change: Partial<UpdateRecord> = {}): Change {
  const deployment = stateOf(world).stored.deployment.first() as DeploymentRecord
  return put('deployment', deployment.id, { ...deployment, update: { ...update, ...change } })
}

describe('the checker of servicing', () => {
  it('complains when instances of two domains are down for a drain, or for a new guest OS (H-21, H-22)', () => {
    for (const down of [stopped, renewed]) {
      const found = complaints(servicing, (world) => keep(stateOf(world), ...instancesOf(world).map(down)))
      assert.match(found[0] ?? '', /Web_IN_1 of domain 1 is serviced while .*Web_IN_0 of domain 0 is not back yet/)
    }
  })

  it('lets one domain be down', () => {
    const found = complaints(servicing, (world) => keep(stateOf(world), stopped(instancesOf(world)[0])))
    assert.deepEqual(found, [])
  })

  it('watches an instance for roleReadyTimeout from its startup tasks, however late they begin (H-23)', () => {
    const world = running()
    const [first, second] = instancesOf(world)
    const moments = { now: world.clock.now() }
    let state: FabricState = stateOf(world)
    // The guest that runs is, to the checker, another one than that which was stopped.
    const hosts = new Map(world.hosts)
    const watched = { ...withState(world, () => state), hosts, clock: { ...world.clock, now: () => moments.now } }
    const host = world.hosts.get(first.host)
    assert.ok(host)
    const guest = host.machine.guest(first.containerId)
    assert.ok(guest)
    const busy = { ...guest, isReady: () => false }
    const checker = servicing(watched)
    checker.check([])
    state = keep(state, renewed(first))
    assert.deepEqual(checker.check([]), [])
    hosts.set(first.host, { ...host, machine: { ...host.machine, guest: () => busy } })
    checker.check([])
    moments.now += 20 * minuteMs
    const { containerId, key } = first
    checker.check([{ kind: 'guestHeard', host: first.host, containerId, key, ready: false, atTasks: true }])
    moments.now += 20 * minuteMs
    state = keep(state, renewed(second))
    assert.match(
      checker.check([])[0] ?? '',
      /Web_IN_1 of domain 1 is serviced while .*Web_IN_0 of domain 0 is not back/,
    )
  })

  it('complains when an instance is serviced while an update is on its way, and not while one waits for it (U-55)', () => {
    const during = complaints(servicing, (world) =>
      keep(stateOf(world), updating(world), stopped(instancesOf(world)[0])),
    )
    assert.match(during[0] ?? '', /Web_IN_0 is serviced while an update of .* is on its way/)
    const before = complaints(servicing, (world) =>
      keep(stateOf(world), updating(world, { state: 'Before' }), stopped(instancesOf(world)[0])),
    )
    assert.deepEqual(before, [])
  })

  it('complains when an update stops an instance while another one is serviced (U-55)', () => {
    const world = running()
    let state: FabricState = stateOf(world)
    const checker = servicing(withState(world, () => state))
    checker.check([])
    const [first, second] = instancesOf(world)
    state = keep(state, stopped(first))
    assert.deepEqual(checker.check([]), [])
    const revision = second.told.revision + 1
    const moved = { ...second, version: 2, told: { ...second.told, revision, runRevision: revision } }
    state = keep(state, updating(world, { domain: 1 }), put('instance', second.key, moved))
    assert.match(checker.check([])[0] ?? '', /an update stops .*Web_IN_1 while .*Web_IN_0 is being serviced/)
  })
})

describe('the checker of starting deployments', () => {
  it('complains when one is Running after a resumption before an instance has been Ready since (T-9)', () => {
    const found = complaints(starting, (world) => {
      const [first] = instancesOf(world)
      const deployment = stateOf(world).stored.deployment.first() as DeploymentRecord
      world.hosts.get(first.host)?.powerOff()
      return keep(stateOf(world), put('deployment', deployment.id, { ...deployment, resumedAt: world.clock.now() }))
    })
    assert.match(found[0] ?? '', /shop.* is Running, and .*Web_IN_0 has not been Ready since it was resumed/)
  })
})
