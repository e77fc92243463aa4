/** When many hosts fall silent at once, healing and rollouts wait until they are back, or an operator releases the brake (H-39). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { progressOf } from '../../src/fabric/controller/update/progress.ts'
import { hostsView } from '../../src/fabric/controller/views/hosts.ts'
import { type Fabric, timers } from './fabric.ts'
import { refusedWith, running, upgradeTo } from './updates.ts'

const hosts = Array.from({ length: 10 }, (_, number) => `h${number}`)

/** A service of ten instances on some of the ten hosts, h1 among them. */
const shop = () => running({ Web: 10 })

/** Time passes, and these hosts are not heard. */
function without(fabric: Fabric, silent: readonly string[], ms: number): void {
  for (let passed = 0; passed < ms; passed += 10_000) {
    fabric.pass(10_000)
    fabric.report(
      'ReadyRole',
      hosts.filter((host) => !silent.includes(host)),
    )
    fabric.acknowledge()
  }
}

function eventsOf({ state }: Fabric, kind: string): readonly string[] {
  return [...state.stored.event.values()].filter((event) => event.kind === kind).map(({ reason }) => reason)
}

const isHealed = (fabric: Fabric) => fabric.instances().some(({ placement }) => placement > 1)
const healing = timers.hostLostAfter + timers.hostRecoverBudget

describe('the brake', () => {
  it('stays off while no more than two hosts of ten are away: they are healed', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2'], healing + 10_000)
    assert.ok(isHealed(fabric))
    assert.deepEqual(eventsOf(fabric, 'BrakeOn'), [])
  })

  it('goes on when a third falls silent within half an hour: nothing is healed, and hosts, instances and events say why', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2', 'h3'], 3 * healing)
    assert.equal(isHealed(fabric), false)
    const words =
      /the brake is on, since h1, h2 and h3 fell silent within 30 min: healing and rollouts go on when they are back, or after: reddog host brake --release/
    assert.match(eventsOf(fabric, 'BrakeOn').join(), words)
    const seen = hostsView(fabric.state, fabric.now).filter(({ waitsFor }) => waitsFor.some((wait) => words.test(wait)))
    assert.deepEqual(
      seen.map(({ name }) => name),
      ['h1', 'h2', 'h3'],
    )
    assert.match(fabric.view().instances.find(({ host }) => host === 'h1')?.details ?? '', words)
  })

  it('stays off when they fall silent one after the other over more than half an hour', () => {
    const fabric = shop()
    without(fabric, ['h1'], 1_000_000)
    without(fabric, ['h1', 'h2'], 1_000_000)
    without(fabric, ['h1', 'h2', 'h3'], 100_000)
    assert.deepEqual(eventsOf(fabric, 'BrakeOn'), [])
  })

  it('holds an update before its next domain, whose time does not run meanwhile, and a drain', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2', 'h3'], timers.hostLostAfter)
    fabric.ask(upgradeTo({ Web: 10 }))
    fabric.ask({ kind: 'drainHost', host: 'h9' })
    without(fabric, ['h1', 'h2', 'h3'], timers.roleReadyTimeout + 60_000)
    const deployment = fabric.deployment()
    const { update } = deployment
    assert.ok(update)
    assert.deepEqual([update.domain, update.state, update.held], [0, 'Before', undefined])
    assert.match(
      progressOf(fabric.state, deployment, update, fabric.now).text,
      /^upgrade, domain 0 of 5: waits: the brake is on/,
    )
    assert.equal(deployment.servicing, undefined)
  })

  it('goes off when no more than two of them are away, and all goes on', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2', 'h3'], healing + 10_000)
    fabric.host('h3', { faultDomain: 1 })
    assert.match(eventsOf(fabric, 'BrakeOff').join(), /are back: healing and rollouts go on/)
    without(fabric, ['h1', 'h2'], 10_000)
    assert.ok(isHealed(fabric), 'the two that stay away had their time')
  })

  it('is released by an operator, once, and the same hosts do not bring it back', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2', 'h3'], healing + 10_000)
    fabric.ask({ kind: 'releaseBrake' })
    assert.ok(isHealed(fabric))
    assert.equal(refusedWith(fabric.ask({ kind: 'releaseBrake' })).code, 'ConflictError')
    without(fabric, ['h1', 'h2', 'h3', 'h4', 'h5'], 100_000)
    assert.equal(eventsOf(fabric, 'BrakeOn').length, 1)
    without(fabric, ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'], 100_000)
    assert.match(eventsOf(fabric, 'BrakeOn').join(), /h4, h5 and h6 fell silent/)
  })

  it('survives a change of master, which counts those that the former one lost', () => {
    const fabric = shop()
    without(fabric, ['h1', 'h2', 'h3'], timers.hostLostAfter)
    const next = fabric.restarted()
    for (const host of hosts.slice(4)) next.host(host)
    without(next, ['h1', 'h2', 'h3'], 2 * healing)
    assert.equal(isHealed(next), false)
    const other = shop()
    without(other, ['h1', 'h2'], timers.hostLostAfter)
    const after = other.restarted()
    for (const host of hosts.filter((name) => !['h1', 'h2', 'h3'].includes(name))) after.host(host)
    without(after, ['h1', 'h2', 'h3'], timers.hostLostAfter)
    assert.match(eventsOf(after, 'BrakeOn').join(), /h1, h2 and h3/)
  })

  it('is not put on by hosts that are being serviced', () => {
    const fabric = shop()
    fabric.ask({ kind: 'drainHost', host: 'h3' })
    without(fabric, ['h1', 'h2', 'h3'], timers.hostLostAfter)
    assert.deepEqual(eventsOf(fabric, 'BrakeOn'), [])
  })
})
