/** A checker that cannot complain is worth nothing: each is shown what it must not let pass. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RotationTable } from '../../src/fabric/contract/rotation.ts'
import { drop, keep, put } from '../../src/fabric/controller/state/keep.ts'
import { addresses } from '../../src/sim/checkers/addresses.ts'
import { committedFirst } from '../../src/sim/checkers/committed-first.ts'
import { cores } from '../../src/sim/checkers/cores.ts'
import { defectsSaid } from '../../src/sim/checkers/defects-said.ts'
import { drainsEnd } from '../../src/sim/checkers/drains-end.ts'
import { fullDisk } from '../../src/sim/checkers/full-disk.ts'
import { heardFirst } from '../../src/sim/checkers/heard-first.ts'
import { incarnations } from '../../src/sim/checkers/incarnations.ts'
import { keptAddresses } from '../../src/sim/checkers/kept-addresses.ts'
import { lostForAReason } from '../../src/sim/checkers/lost-for-a-reason.ts'
import { oneMaster } from '../../src/sim/checkers/one-master.ts'
import { onePlace } from '../../src/sim/checkers/one-place.ts'
import { operations } from '../../src/sim/checkers/operations.ts'
import { outBeforeStopping } from '../../src/sim/checkers/out-before-stopping.ts'
import { readyInRotation } from '../../src/sim/checkers/ready-in-rotation.ts'
import { silence } from '../../src/sim/checkers/silence.ts'
import { stoppedForAReason } from '../../src/sim/checkers/stopped-for-a-reason.ts'
import { twoFaultDomains } from '../../src/sim/checkers/two-fault-domains.ts'
import type { Fact } from '../../src/sim/fact.ts'
import type { Partitions } from '../../src/sim/partitions.ts'
import type { Several } from '../../src/sim/several.ts'
import { changed, complaints, instancesOf, minuteMs, running, stateOf, withState } from './running.ts'

describe('the checkers complain', () => {
  it('when more cores of a host are handed out than it has', () => {
    assert.match(complaints(cores, (world) => changed(world, { size: 'A7' }))[0] ?? '', /8 cores of host-\d .* has 4/)
  })

  it('when two instances have one address', () => {
    const found = complaints(addresses, (world) => changed(world, { address: instancesOf(world)[1].address }))
    assert.match(found[0] ?? '', /belongs to/)
  })

  it('when a deployment comes by a reserved address, or two reservations by one', () => {
    const found = complaints(keptAddresses, (world) => {
      const { vip, subscriptionId } = stateOf(world).stored.deployment.first() ?? {}
      assert.ok(vip && subscriptionId)
      const reserved = (name: string) =>
        put('reservedAddress', name, { id: name, name, subscriptionId, location: 'Here', address: vip, createdAt: 0 })
      return keep(stateOf(world), reserved('one'), reserved('two'))
    })
    assert.match(found.join(), /is reserved as one and as two.*had no reserved address/)
  })

  it('when a role is placed in one fault domain', () => {
    const found = complaints(twoFaultDomains, (world) => {
      const [first, second] = instancesOf(world)
      const deployment = stateOf(world).stored.deployment.first()
      assert.ok(deployment)
      const copies = [first, second].map((one) => ({ ...one, key: `x.${one.name}`, deployment: 'x', host: first.host }))
      return keep(
        stateOf(world),
        put('deployment', 'x', { ...deployment, id: 'x' }),
        ...copies.map((copy) => put('instance', copy.key, copy)),
      )
    })
    assert.match(found.join(), /role Web of x stands in one fault domain/)
  })

  it('when an accepted operation is lost', () => {
    const found = complaints(operations, (world) => {
      const operation = stateOf(world).stored.operation.first()
      assert.ok(operation)
      return keep(stateOf(world), drop('operation', operation.id))
    })
    assert.match(found[0] ?? '', /was accepted and is lost/)
  })

  it('when the controller shows, confirms, tells or does what is not stored', () => {
    const found = complaints(committedFirst, (world) => changed(world, { size: 'A7' }))
    assert.match(found[0] ?? '', /the controller shows 1 changes that are not stored/)
    const world = running()
    const [{ key }] = instancesOf(world)
    const empty = committedFirst({ ...world, vault: { ...world.vault, stored: () => undefined } })
    const said = empty.check([{ kind: 'controllerActs', action: 'fetchPackage', record: 'deployment/x' }])
    assert.match(
      said.join(),
      /does fetchPackage for deployment\/x, which is not stored.*was accepted and is not stored/,
    )
    const older = (one: string) => world.vault.stored(one)?.replace(/"revision":\d+/, '"revision":0')
    const behind = committedFirst({ ...world, vault: { ...world.vault, stored: older } }).check([])
    assert.match(behind.join(), new RegExp(`was told revision 1 of ${key}, of which 0 is stored`))
  })

  it('and not when a restored store has undone what a host was told before, however late the host reads it; when it is told anew, it does', () => {
    const world = running()
    const [{ host: name }] = instancesOf(world)
    const older = (one: string) => world.vault.stored(one)?.replace(/"revision":\d+/, '"revision":0')
    const host = world.hosts.get(name)
    const agent = host?.agent()
    assert.ok(host && agent)
    let state: typeof agent | undefined
    const hosts = new Map([[name, { ...host, agent: () => state }]])
    const checker = committedFirst({ ...world, hosts, vault: { ...world.vault, stored: older } })
    checker.check([])
    checker.restored?.()
    state = agent
    assert.doesNotMatch(checker.check([]).join(), /was told revision/)
    const version = stateOf(world).observed.lastGoalVersion + 1
    state = { ...agent, goal: { ...agent.goal, version } }
    assert.match(checker.check([]).join(), /was told revision 1 of/)
  })

  it('when a revision falls', () => {
    const found = complaints(incarnations, (world) => {
      const [{ told }] = instancesOf(world)
      return changed(world, { told: { ...told, revision: 0 } })
    })
    assert.match(found[0] ?? '', /the revision of .*Web_IN_0 of version 1 fell from 1 to 0/)
  })

  it('when an instance is moved from a host that is heard', () => {
    const found = complaints(onePlace, (world) => changed(world, { host: instancesOf(world)[1].host }))
    assert.match(found[0] ?? '', /was moved from host-\d to host-\d after \d+ ms of silence/)
  })

  it('when a guest is left running where nothing on record wants it', () => {
    const world = running()
    const [first] = instancesOf(world)
    const state = keep(stateOf(world), drop('instance', first.key))
    const checker = onePlace(withState(world, () => state))
    const found: string[] = []
    for (let minutes = 0; minutes < 10; minutes++) {
      world.runUntil(world.clock.now() + minuteMs)
      found.push(...checker.check([]))
    }
    assert.match(found[0] ?? '', /still runs a guest of .*Web_IN_0, which is not wanted there/)
  })

  it('when an instance that is not Ready stays in rotation', () => {
    const world = running()
    const table: RotationTable = structuredClone(world.balancer.table())
    const checker = readyInRotation({ ...world, balancers: [{ ...world.balancer, table: () => table }] })
    world.behaviours.set('Web', { onStartMs: minuteMs })
    for (const { machine } of world.hosts.values()) for (const guest of machine.guests()) guest.breakRole()
    world.runUntil(world.clock.now() + 500)
    assert.deepEqual(checker.check([]), [])
    world.runUntil(world.clock.now() + 2_000)
    assert.match(checker.check([])[0] ?? '', /has not been Ready for \d+ ms and is in rotation/)
  })

  it('when Stopping is raised in an instance that is in rotation', () => {
    const world = running()
    const [{ key, host, containerId }] = instancesOf(world)
    const fact: Fact = { kind: 'roleStopping', host, key, containerId, accepted: 1, asked: false }
    const found = outBeforeStopping(world).check([fact])
    assert.match(found[0] ?? '', /Stopping was raised in .*Web_IN_0 while it was in rotation/)
    const { network } = world
    const distant = outBeforeStopping({ ...world, network: { ...network, steadyFor: () => 0 } })
    const heard: Fact = { kind: 'guestHeard', host, key, containerId, ready: false, atTasks: true }
    assert.match(distant.check([heard, fact])[0] ?? '', /before the fabric had heard that it leaves/)
    world.network.cut('controller')
    world.runUntil(world.clock.now() + world.timers.rotationOutLimit)
    assert.deepEqual(distant.check([fact]), [])
  })

  it('when an instance never gets out of the rotation, whatever clients hold open', () => {
    const found = complaints(drainsEnd, (world) => {
      const state = stateOf(world)
      const [{ key }] = instancesOf(world)
      world.runUntil(world.clock.now() + minuteMs)
      const leaving = state.observed.leaving.set(key, { version: 1, since: world.clock.now() - minuteMs })
      return { ...state, observed: { ...state.observed, leaving } }
    })
    assert.match(found[0] ?? '', /Web_IN_0 has been on its way out of rotation for 60000 ms/)
  })

  it('when a host has not heard what a guest cannot think through', () => {
    const world = running()
    const [{ key, host, containerId }] = instancesOf(world)
    world.poison.give(`WaHostBootstrapper of ${key}`, 'role', 'decide')
    const deaf = world.hosts.get(host)
    assert.ok(deaf)
    const agent = () => {
      const state = deaf.agent()
      const container = state?.containers.get(containerId)
      if (!state || !container?.health) return state
      const health = { ...container.health, description: 'All is well.' }
      return { ...state, containers: new Map([[containerId, { ...container, health }]]) }
    }
    const [hears, doesNot] = [
      defectsSaid(world),
      defectsSaid({ ...world, hosts: new Map([[host, { ...deaf, agent }]]) }),
    ]
    const found: string[] = []
    for (let seconds = 0; seconds < 60; seconds++) {
      world.runUntil(world.clock.now() + 1_000)
      assert.deepEqual(hears.check([]), [])
      found.push(...doesNot.check([]))
    }
    assert.match(
      found[0] ?? '',
      /"Error: plan is poisoned" of the guest of .*Web_IN_0 is not in what host-\d has heard/,
    )
  })

  it('when a host is lost that was heard a moment ago', () => {
    const world = running()
    const [{ host }] = instancesOf(world)
    const state = stateOf(world)
    const lost = { ...state, observed: { ...state.observed, lost: state.observed.lost.add(host) } }
    let shown = state
    const checker = heardFirst(withState(world, () => shown))
    assert.deepEqual(checker.check([{ kind: 'hostHeard', host }]), [])
    shown = lost
    assert.match(checker.check([])[0] ?? '', /host-\d is lost, though the controller could hear it .* for 0 ms only/)
  })

  it('when epochs fall, or another than the newest master commits or answers', () => {
    const wrote = (by: string, epoch: number, what: 'opening' | 'batch'): Fact => ({ kind: 'wrote', by, epoch, what })
    const checker = oneMaster()
    assert.deepEqual(checker.check([wrote('one', 1, 'opening'), wrote('one', 1, 'batch')]), [])
    assert.deepEqual(checker.check([wrote('two', 2, 'opening'), { kind: 'answered', by: 'two', epoch: 2 }]), [])
    assert.match(
      checker.check([wrote('one', 1, 'batch')])[0] ?? '',
      /one of epoch 1 has committed, while two of epoch 2/,
    )
    assert.match(checker.check([{ kind: 'answered', by: 'one', epoch: 1 }])[0] ?? '', /one of epoch 1 has answered/)
    assert.match(checker.check([wrote('three', 2, 'opening')])[0] ?? '', /opened the store under epoch 2, after 2/)
  })

  it('when a host is lost that runs and reaches every candidate', () => {
    const world = running()
    const [{ host }] = instancesOf(world)
    world.runUntil(world.clock.now() + 2 * minuteMs)
    const partitions = { any: () => false } as Partitions
    const several = { partitions } as Several
    const state = stateOf(world)
    let shown = state
    const checker = lostForAReason({ ...withState(world, () => shown), several })
    assert.deepEqual(checker.check([]), [])
    world.runUntil(world.clock.now() + 2 * minuteMs)
    shown = { ...state, observed: { ...state.observed, lost: state.observed.lost.add(host) } }
    assert.match(
      checker.check([])[0] ?? '',
      /host-\d is lost, though it has run and reached every candidate for \d+ ms/,
    )
  })

  it('when a host starts what its full disk does not know, is not heard, or still speaks of that disk when there is room', () => {
    const world = running()
    const [{ key, host: name }] = instancesOf(world)
    const host = world.hosts.get(name)
    const agent = host?.agent()
    assert.ok(host && agent)
    const started: Fact = { kind: 'guestStarted', host: name, key, containerId: 'c' }
    assert.match(
      fullDisk(world).check([started])[0] ?? '',
      /host-\d has started a guest of .*Web_IN_0, of which its disk/,
    )
    const says = { ...host, agent: () => ({ ...agent, unstored: 'The disk is full.' }) }
    const checker = fullDisk({ ...world, hosts: new Map([[name, says]]) })
    const afterTwoMinutes = () => {
      checker.check([{ kind: 'hostHeard', host: name }])
      world.runUntil(world.clock.now() + 2 * minuteMs)
      return checker.check([])
    }
    assert.match(afterTwoMinutes()[0] ?? '', /has had room for 120000 ms, and says that it can store nothing/)
    host.disk.setFull(true)
    assert.match(afterTwoMinutes()[0] ?? '', /has a full disk, and was not heard for 120000 ms/)
  })

  it('when a role is stopped that had accepted all that is wanted', () => {
    const world = running()
    const [{ key, host, containerId }] = instancesOf(world)
    const accepted = world.hosts.get(host)?.agent()?.containers.get(containerId)?.record.incarnation ?? 0
    const of = (change: Partial<Fact & { kind: 'roleStopping' }>): Fact => ({
      kind: 'roleStopping',
      host,
      key,
      containerId,
      accepted,
      asked: false,
      ...change,
    })
    const checker = stoppedForAReason(world)
    assert.deepEqual(checker.check([of({ asked: true }), of({ accepted: accepted - 1 })]), [])
    assert.match(checker.check([of({})])[0] ?? '', /Web_IN_0 was stopped although it had accepted incarnation/)
  })

  it('when a guest is restarted before ten minutes of silence, or not after them', () => {
    const world = running()
    const [{ key, host, containerId }] = instancesOf(world)
    const of = (kind: 'guestHeard' | 'stopDecided'): Fact => ({
      kind,
      host,
      key,
      containerId,
      ready: true,
      atTasks: true,
    })
    const checker = silence(world)
    assert.deepEqual(checker.check([of('guestHeard')]), [])
    world.runUntil(world.clock.now() + 10 * minuteMs - 1)
    assert.match(checker.check([of('stopDecided')])[0] ?? '', /was restarted after 599999 ms of silence/)
    assert.deepEqual(checker.check([of('guestHeard')]), [])
    world.runUntil(world.clock.now() + 11 * minuteMs)
    assert.match(checker.check([])[0] ?? '', /has been silent for 660000 ms and was not restarted/)
  })
})
