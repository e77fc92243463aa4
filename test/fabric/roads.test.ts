/** Which roads a host is to have: to every other machine of the fabric, and none in a fabric of one. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import { type Fabric, fabricOf } from './fabric.ts'

const machine = (number: number) => ({ subnet: `10.5.${number}.0/24`, address: `192.0.2.${number}` })
const road = (name: string, number: number) => ({ name, ...machine(number) })

describe('a host’s goal', () => {
  const fabric = (...hosts: readonly (readonly [name: string, facts: object])[]): Fabric => {
    const made = fabricOf()
    for (const [name, facts] of hosts) made.host(name, facts)
    return made
  }

  it('names the other machines, each with its subnet and its address', () => {
    const { state } = fabric(['c', machine(12)], ['a', machine(10)], ['b', machine(11)])
    assert.deepEqual(goalOf(state, 'a').roads, [road('b', 11), road('c', 12)])
    assert.deepEqual(goalOf(state, 'c').roads, [road('a', 10), road('b', 11)])
  })

  it('names none beside hosts of one machine, nor in a fabric that is alone', () => {
    const one = { subnet: '10.5.13.0/24', address: '192.0.2.10' }
    const { state } = fabric(['a', machine(10)], ['a2', one], ['alone', { subnet: '10.5.14.0/24' }])
    for (const host of ['a', 'a2', 'alone']) assert.ok(!('roads' in goalOf(state, host)), host)
  })

  it('is a newer one when a machine comes or has another address, for all that see it, and for nobody else', () => {
    const made = fabric(['a', machine(10)], ['alone', { subnet: '10.5.14.0/24' }])
    const versions = () => ['a', 'alone'].map((host) => goalOf(made.state, host).version)
    const [first = 0, untouched = 0] = versions()
    made.host('b', machine(11))
    const [second = 0, ...rest] = versions()
    assert.ok(second > first)
    assert.deepEqual(rest, [untouched])
    // The same facts again are no news to others.
    made.host('b', machine(11))
    assert.equal(versions()[0], second)
    made.host('b', { ...machine(11), address: '192.0.2.99' })
    assert.ok((versions()[0] ?? 0) > second)
    assert.deepEqual(goalOf(made.state, 'a').roads, [{ ...road('b', 11), address: '192.0.2.99' }])
  })
})

describe('a host whose machine is removed', () => {
  it('has no roads, and nobody has one to it', () => {
    const made = fabricOf()
    for (const [name, number] of [
      ['a', 10],
      ['b', 11],
    ] as const)
      made.host(name, machine(number))
    const { version } = goalOf(made.state, 'a')
    const host = made.state.stored.host.get('b')
    assert.ok(host)
    const without = keep(made.state, put('host', 'b', { ...host, removed: true }))
    for (const name of ['a', 'b']) assert.ok(!('roads' in goalOf(without, name)), name)
    assert.ok(goalOf(without, 'a').version > version)
  })
})

describe('what is wrong with the roads of a host', () => {
  it('is in the events of hosts, once, and its end too', () => {
    const made = fabricOf()
    made.host('a', machine(10))
    const agentRun = made.state.stored.host.get('a')?.agentRun as string
    let number = 10
    const report = (troubles?: readonly string[]) => {
      const told = { agentRun, number: ++number, goalVersion: 0, complete: false, instances: [], gone: [] }
      made.tell({ kind: 'report', host: 'a', report: { ...told, ...(troubles && { troubles }) } })
      return [...made.state.stored.event.values()]
        .filter(({ subject, kind }) => subject === 'a' && kind.startsWith('Road'))
        .map(({ kind, reason }) => `${kind}: ${reason}`)
        .sort()
    }
    const narrow = 'RoadTrouble: narrow'
    assert.deepEqual(report(['narrow']), [narrow])
    assert.deepEqual(report(), [narrow])
    assert.deepEqual(report(['narrow']), [narrow])
    assert.deepEqual(report([]), [narrow, 'RoadsGood: nothing is wrong with its roads any more'].sort())
  })
})
