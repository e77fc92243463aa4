/** What comes as a list comes in an order of its own, whatever the order in which it was made; and others see nothing of it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from '../../src/fabric/contract/commands.ts'
import { answerView, type StateViewName } from '../../src/fabric/controller/views/answer.ts'
import { eventsView } from '../../src/fabric/controller/views/events.ts'
import {
  configuration,
  createDeployment,
  createShop,
  deployed,
  type Fabric,
  fabricOf,
  production,
  subscriptionId,
} from './fabric.ts'
import { obey } from './obey.ts'

const another = '00000000-0000-0000-0000-0000000000bb'
const names = ['b', 'c', 'a'] as const
const extension = { providerNamespace: 'P', type: 'T', version: '1.*' }

/** What makes one of that name, and the view that lists it with what it is asked. */
const lists: Readonly<
  Record<
    string,
    readonly [make: (name: string) => Command, list: (fabric: Fabric, by: string) => readonly string[] | undefined]
  >
> = {
  'affinity groups (S-6)': [
    (group) => ({ kind: 'createAffinityGroup', group, label: 'bA==', location: 'Here' }),
    (fabric, by) => namesOf(fabric, 'affinityGroups', by),
  ],
  'reserved addresses (V-8)': [
    (reservedAddress) => ({ kind: 'reserveAddress', reservedAddress, location: 'Here' }),
    (fabric, by) => namesOf(fabric, 'reservedAddresses', by),
  ],
  'extensions (11.1)': [
    (id) => ({ kind: 'addExtension', service: 'shop', extension: { ...extension, id } }),
    ({ state, now }, by) =>
      answerView(state, 'extensions', { subscriptionId: by, service: 'SHOP' }, now)?.map(({ id }) => id),
  ],
}

function namesOf({ state, now }: Fabric, view: StateViewName & ('affinityGroups' | 'reservedAddresses'), by: string) {
  return answerView(state, view, { subscriptionId: by }, now).map(({ name }) => name)
}

describe('a list', () => {
  for (const [what, [make, list]] of Object.entries(lists))
    it(`of ${what} is in the order of names, and its subscription’s alone`, () => {
      const fabric = fabricOf()
      fabric.ask(createShop)
      for (const name of names) assert.ok('accepted' in fabric.ask(make(name)), name)
      assert.deepEqual(list(fabric, subscriptionId), ['a', 'b', 'c'])
      assert.deepEqual(list(fabric, another) ?? [], [])
    })

  it('of the services of an affinity group is in the order of names (S-6)', () => {
    const fabric = fabricOf()
    fabric.ask({ kind: 'createAffinityGroup', group: 'East', label: 'bA==', location: 'Here' })
    for (const service of ['b', 'a']) fabric.ask({ ...createShop, service, location: undefined, affinityGroup: 'east' })
    const [group] = answerView(fabric.state, 'affinityGroups', { subscriptionId }, fabric.now)
    assert.deepEqual(group?.services, ['a', 'b'])
  })

  it('of events and of restarts has the oldest first, in whatever order they stand in the table (D-21)', () => {
    const fabric = deployed()
    for (const instance of ['Web_IN_1', 'Web_IN_0', 'Web_IN_0']) {
      fabric.ask({ kind: 'rebootInstance', deployment: production, instance })
      fabric.acknowledge(fabric.instances().map(({ key }) => key))
      fabric.report('ReadyRole')
    }
    const { state, now } = fabric
    const mixed = { ...state, stored: { ...state.stored, event: state.stored.event.sortBy(({ number }) => -number) } }
    const numbers = eventsView(mixed, { subscriptionId, service: 'shop', after: 0 }).map(({ number }) => number)
    assert.ok(numbers.length > 3)
    assert.deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
    )
    const ask = { subscriptionId, deployment: production, from: 0, until: now }
    assert.deepEqual(
      answerView(mixed, 'restarts', ask, now)?.map(({ instance }) => instance),
      ['Web_IN_1', 'Web_IN_0', 'Web_IN_0'],
    )
    assert.deepEqual(eventsView(mixed, { subscriptionId: another, service: 'shop', after: 0 }), [])
    assert.equal(answerView(mixed, 'restarts', { ...ask, subscriptionId: another }, now), null)
    const ofHosts = eventsView(mixed, { subscriptionId, after: 0 })
    assert.deepEqual([...new Set(ofHosts.map(({ subject }) => subject))].toSorted(), ['a', 'b'])
  })

  it('of restarts has those from the first to the last moment of the period (D-21)', () => {
    const fabric = deployed()
    fabric.ask({ kind: 'rebootInstance', deployment: production, instance: 'Web_IN_0' })
    fabric.acknowledge(fabric.instances().map(({ key }) => key))
    const { now } = fabric
    const restarts = (from: number, until: number) =>
      answerView(fabric.state, 'restarts', { subscriptionId, deployment: production, from, until }, now)?.length
    assert.deepEqual([restarts(now, now), restarts(now + 1, now + 9), restarts(0, now - 1)], [1, 0, 0])
  })

  it('of deployments has production first (C-3)', () => {
    const fabric = deployed()
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 1 }) }))
    const slots = () =>
      answerView(fabric.state, 'service', { subscriptionId, service: 'shop' }, fabric.now)?.deployments.map(
        ({ name, slot }) => `${slot} ${name}`,
      )
    assert.deepEqual(slots(), ['Production v1', 'Staging v2'])
    obey(fabric)
    assert.ok('accepted' in fabric.ask({ kind: 'swap', service: 'shop', production: 'v1', source: 'v2' }))
    assert.deepEqual(slots(), ['Production v2', 'Staging v1'])
  })
})
