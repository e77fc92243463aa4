import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { planView } from '../../src/fabric/controller/views/plan.ts'
import type { StoredPackage } from '../../src/fabric/package-store/package-store.ts'
import type { Result } from '../../src/kernel/fault.ts'
import { type Fabric, type Shipped, shippedPackage, subscriptionId } from './fabric.ts'
import { walkThrough } from './obey.ts'
import { parcelOf, running, upgradeTo } from './updates.ts'

const web = { name: 'Web', size: 'ExtraSmall' }
const work = { name: 'Work', size: 'ExtraSmall', endpoints: '' }

/** What is planned; the state before is the state after, since the view is a function of it. */
function plan(
  fabric: Fabric,
  parcel: Shipped,
  command: ReturnType<typeof upgradeTo>,
  fetched: Result<StoredPackage> = { ok: true, value: shippedPackage(parcel) },
) {
  const { kind: _, ...upgrade } = command
  const state: FabricState = fabric.state
  return planView(state, { subscriptionId, ...upgrade }, fetched, fabric.now)
}

describe('a plan', () => {
  it('says domain by domain who leaves rotation when, and what is left of each endpoint', () => {
    const parcel = parcelOf([web, work], 2)
    const fabric = running({ Web: 4, Work: 1 }, parcel)
    const { domains, differences, refusal, policy, warnings } = plan(fabric, parcel, upgradeTo({ Web: 4, Work: 1 }))
    assert.deepEqual([refusal, differences, policy], [undefined, [], 'sameModel'])
    assert.deepEqual(domains, [
      {
        domain: 0,
        instances: [
          { name: 'Web_IN_0', role: 'Web', change: 'package' },
          { name: 'Web_IN_2', role: 'Web', change: 'package' },
          { name: 'Work_IN_0', role: 'Work', change: 'package' },
        ],
        steps: [
          'upgrade, domain 0 of 2: the new role root is prepared for Web_IN_0, Web_IN_2 and Work_IN_0 while they run on',
          'upgrade, domain 0 of 2: Web_IN_0 and Web_IN_2 out of rotation first',
          'upgrade, domain 0 of 2: Web_IN_0, Web_IN_2 and Work_IN_0 stop together and start with the new role root',
          'upgrade, domain 0 of 2: walked, all of its role instances concerned have been Ready for 10 s',
        ],
        capacity: [{ role: 'Web', endpoint: 'Http', port: 80, instances: 4, left: 2 }],
      },
      {
        domain: 1,
        instances: [
          { name: 'Web_IN_1', role: 'Web', change: 'package' },
          { name: 'Web_IN_3', role: 'Web', change: 'package' },
        ],
        steps: [
          'upgrade, domain 1 of 2: the new role root is prepared for Web_IN_1 and Web_IN_3 while they run on',
          'upgrade, domain 1 of 2: Web_IN_1 and Web_IN_3 out of rotation first',
          'upgrade, domain 1 of 2: Web_IN_1 and Web_IN_3 stop together and start with the new role root',
          'upgrade, domain 1 of 2: walked, all of its role instances concerned have been Ready for 10 s',
        ],
        capacity: [{ role: 'Web', endpoint: 'Http', port: 80, instances: 4, left: 2 }],
      },
    ])
    assert.deepEqual(warnings, [
      'The role Work has one role instance and is offline while it is upgraded. Two or more upgrade without interruption.',
    ])
  })

  it('has the very words that the steps have as their reasons later', () => {
    const parcel = parcelOf([web, work], 2)
    const fabric = running({ Web: 4, Work: 3 }, parcel)
    const command = upgradeTo({ Web: 5, Work: 2 })
    const { domains, added, removed } = plan(fabric, parcel, command)
    const last = fabric.state.derived.lastEvent
    fabric.ask(command)
    walkThrough(fabric)
    const events = [...fabric.state.stored.event.values()].filter(({ number }) => number > last)
    const reasons = new Set([...events, ...fabric.done].map(({ reason }) => reason))
    // They leave the rotation with the very step that begins their domain, and that has the reason.
    const spoken = domains.flatMap(({ steps }) => steps).filter((step) => !step.endsWith('out of rotation first'))
    for (const step of spoken) assert.ok(reasons.has(step), step)
    assert.deepEqual([added, removed], [['Web_IN_4'], ['Work_IN_2']])
  })

  it('tells apart who stops and who only gets the configuration (U-16, U-17)', () => {
    const parcel = parcelOf([web, work], 2)
    const fabric = running({ Web: 2, Work: 2 }, parcel)
    const { domains } = plan(fabric, parcel, upgradeTo({ Web: 2, Work: 3 }, { role: 'Work' }))
    assert.deepEqual(
      domains[0]?.instances.map(({ name, change }) => `${name} ${change}`),
      ['Web_IN_0 settings', 'Work_IN_0 package'],
    )
    assert.deepEqual(
      domains[0]?.capacity.map(({ left }) => left),
      [2],
    )
  })

  it('warns of roles that go down as a whole (U-12, U-36)', () => {
    const parcel = parcelOf([web], 1)
    const fabric = running({ Web: 2 }, parcel)
    assert.deepEqual(plan(fabric, parcel, upgradeTo({ Web: 2 })).warnings, [
      'Upgrade domain 0 holds all role instances of the role Web.',
    ])
    assert.deepEqual(plan(fabric, parcel, upgradeTo({ Web: 2 }, { mode: 'Simultaneous' })).warnings, [
      'All 2 role instances of the role Web stop at once: the mode is Simultaneous.',
    ])
  })

  it('says that an update under way would be overtaken (U-42), and that the guest operating system changes too (U-50)', () => {
    const parcel = parcelOf([web], 2)
    const fabric = running({ Web: 2 }, parcel)
    fabric.ask(upgradeTo({ Web: 2 }, { mode: 'Manual' }))
    const command = upgradeTo({ Web: 2 })
    const another = { ...command, configuration: command.configuration.replace(' xmlns', ' osFamily="5" xmlns') }
    assert.deepEqual(plan(fabric, parcel, another).warnings, [
      'The upgrade to v2, which is under way, would be overtaken: walking begins again at domain 0.',
      'The guest operating system changes too: C: is kept, D: and E: are made anew.',
    ])
  })

  it('says why the upgrade would be refused, with every difference of the models (U-3 to U-5)', () => {
    const parcel = parcelOf([web], 2)
    const fabric = running({ Web: 2 }, parcel)
    parcel.roles = [{ ...web, size: 'Small' }, work]
    const { refusal, differences, domains } = plan(fabric, parcel, upgradeTo({ Web: 2 }))
    assert.match(refusal?.message ?? '', /swap the virtual addresses/)
    assert.deepEqual(
      differences,
      ['the role Work would be added', 'role Web: the vmsize is ExtraSmall and would become Small'].toSorted(
        (a, b) => differences.indexOf(a) - differences.indexOf(b),
      ),
    )
    assert.deepEqual(domains, [])
    const unread = plan(fabric, parcel, upgradeTo({ Web: 2 }), {
      ok: false,
      fault: { code: 'BadRequest', message: '404' },
    })
    assert.equal(unread.refusal?.message, '404')
    const nowhere = plan(fabric, parcel, upgradeTo({ Web: 2 }, { deployment: { service: 'shop', slot: 'Staging' } }))
    assert.equal(nowhere.refusal?.code, 'ResourceNotFound')
  })
})
