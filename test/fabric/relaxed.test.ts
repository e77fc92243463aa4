import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { relocated } from '../../src/fabric/controller/places/relocate.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import { knownSize } from '../../src/fabric/controller/state/load.ts'
import type { HostRecord } from '../../src/fabric/controller/state/records/host.ts'
import type { SubscriptionRecord } from '../../src/fabric/controller/state/records/subscription.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { rollbackFault } from '../../src/fabric/controller/update/rollback.ts'
import { configuration, type Fabric, subscriptionId, timers } from './fabric.ts'
import { obey, walkThrough } from './obey.ts'
import { goals, id, parcelOf, refusedWith, rollBack, running, upgradeTo, walkOf } from './updates.ts'

const store = (mb: number) =>
  `<LocalResources><LocalStorage name="Data" sizeInMB="${mb}" cleanOnRoleRecycle="false"/></LocalResources>`
const before = { name: 'Web', size: 'Small', inside: store(100) }

function relaxed(
  roles: ReturnType<typeof parcelOf>['roles'] = [before],
  counts = { Web: 2 } as Record<string, number>,
) {
  const parcel = { ...parcelOf(roles, 2), policy: 'relaxed2011' as const }
  return { parcel, fabric: running(counts, parcel) }
}

/** The operator has changed how many cores the subscription may take. */
function withQuota(state: FabricState, maxCores: number): FabricState {
  const subscription = state.stored.subscription.get(subscriptionId) as SubscriptionRecord
  return keep(state, put('subscription', subscriptionId, { ...subscription, maxCores }))
}

describe('the policy relaxed2011 (table 7.1)', () => {
  const rows: readonly [change: string, after: object, force: boolean, refusal: RegExp | undefined][] = [
    ['a larger local storage', { inside: store(200) }, false, undefined],
    ['a smaller local storage', { inside: store(50) }, true, /policy relaxed2011.*swap/],
    ['another size without Force', { size: 'Medium' }, false, /lose local data.*role Web.*Force/],
    ['another size with Force', { size: 'Medium' }, true, undefined],
    [
      'a setting more',
      { inside: `<ConfigurationSettings><Setting name="A"/></ConfigurationSettings>${store(100)}` },
      false,
      /A/,
    ],
  ]
  for (const [change, after, force, refusal] of rows)
    it(`${refusal ? 'refuses' : 'allows'} ${change}`, () => {
      const { parcel, fabric } = relaxed()
      parcel.roles = [{ ...before, ...after }]
      fabric.ask(upgradeTo({ Web: 2 }, { force }), id)
      if (!refusal) walkThrough(fabric)
      const { status, error } = fabric.operation(id)
      assert.equal(status, refusal ? 'Failed' : 'Succeeded')
      if (refusal) assert.match(error?.message ?? '', refusal)
    })

  it('an endpoint that an upgrade renames or removes is served by those that are not upgraded yet (U-27)', () => {
    const endpoint = (name: string, protocol: string, port: number) =>
      `<InputEndpoint name="${name}" protocol="${protocol}" port="${port}"/>`
    const endpoints = endpoint('Http', 'http', 80) + endpoint('Raw', 'tcp', 9000)
    const { parcel, fabric } = relaxed([{ ...before, endpoints }])
    const serving = () =>
      Object.fromEntries(
        [...fabric.state.observed.rotation.endpoints.values()]
          .flat()
          .map(({ port, members }) => [port, members.filter(({ state }) => state === 'in').length]),
      )
    parcel.roles = [{ ...before, endpoints: endpoint('Web', 'http', 80) }]
    fabric.ask(upgradeTo({ Web: 2 }, { mode: 'Manual', force: true }), id)
    assert.deepEqual(serving(), { 80: 2, 9000: 2 })
    for (const [domain, after] of [
      [0, { 80: 2, 9000: 1 }],
      [1, { 80: 2 }],
    ] as const) {
      fabric.ask(walkOf(domain))
      for (let turn = 0; turn < 4; turn++) {
        obey(fabric)
        fabric.pass(timers.settleTime)
      }
      assert.deepEqual(serving(), after)
    }
  })

  it('another size makes every drive anew and takes its cores (table 3.1)', () => {
    const { parcel, fabric } = relaxed()
    parcel.roles = [{ ...before, size: 'Medium' }]
    fabric.ask(upgradeTo({ Web: 2 }, { force: true }))
    walkThrough(fabric)
    assert.deepEqual(goals(fabric)['Web_IN_0']?.epochs, { guest: 2, c: 2, d: 2, e: 2 })
    assert.equal(goals(fabric)['Web_IN_0']?.guest.size.cores, 2)
    assert.equal(fabric.state.derived.cores.get(fabric.deployment().subscriptionId), 4)
  })

  it('refuses a size for which the host has no room, or the subscription no cores (A-10, A-11)', () => {
    for (const [size, count, refusal] of [
      ['A9', 2, /^The role instances on the host h\d would not have room there/],
      ['ExtraLarge', 20, /'cores count' is 100 per subscription, the current count is 20.*increment is 140/],
    ] as const) {
      const { parcel, fabric } = relaxed([before], { Web: count })
      parcel.roles = [{ ...before, size }]
      fabric.ask(upgradeTo({ Web: count }, { force: true }), id)
      assert.match(fabric.operation(id).error?.message ?? '', refusal)
    }
  })

  it('lets a size take the very last cores of the subscription, and refuses it for one less (A-11)', () => {
    for (const [maxCores, refused] of [
      [4, false],
      [3, true],
    ] as const) {
      const { parcel, fabric } = relaxed()
      fabric.state = withQuota(fabric.state, maxCores)
      parcel.roles = [{ ...before, size: 'Medium' }]
      fabric.ask(upgradeTo({ Web: 2 }, { force: true }), id)
      assert.equal(fabric.operation(id).error !== undefined, refused)
    }
  })

  it('lets sizes change that take no core more, though the quota has been lowered below what runs (A-11)', () => {
    const other = { name: 'Other', size: 'Medium', endpoints: '' }
    const { parcel, fabric } = relaxed([before, other], { Web: 1, Other: 1 })
    fabric.state = withQuota(fabric.state, 1)
    parcel.roles = [
      { ...before, size: 'Medium' },
      { ...other, size: 'Small' },
    ]
    fabric.ask(upgradeTo({ Web: 1, Other: 1 }, { force: true }), id)
    assert.equal(fabric.operation(id).error, undefined)
  })

  it('lets a size take the very last memory and disk of its host, and refuses it for one megabyte less (A-10)', () => {
    for (const what of ['memoryMB', 'diskMB'] as const)
      for (const [less, refused] of [
        [0, false],
        [1, true],
      ] as const) {
        const { parcel, fabric } = relaxed()
        const limit = knownSize('Medium')[what] - less
        const hosts = [...fabric.state.stored.host.values()].map((host) =>
          put('host', host.name, { ...host, [what]: limit }),
        )
        fabric.state = keep(fabric.state, ...hosts)
        parcel.roles = [{ ...before, size: 'Medium' }]
        fabric.ask(upgradeTo({ Web: 2 }, { force: true }), id)
        assert.equal(fabric.operation(id).error !== undefined, refused, `${what} ${limit}`)
      }
  })

  it('refuses a size and further instances that each would fit alone, and not together (A-10, A-11)', () => {
    for (const [maxCores, refusal] of [
      [5, /'cores count' is 5 per subscription.*increment is 2/],
      [6, undefined],
    ] as const) {
      const { parcel, fabric } = relaxed()
      fabric.state = withQuota(fabric.state, maxCores)
      parcel.roles = [{ ...before, size: 'Medium' }]
      fabric.ask(upgradeTo({ Web: 3 }, { force: true }), id)
      const { error } = fabric.operation(id)
      if (refusal) assert.match(error?.message ?? '', refusal)
      else assert.equal(error, undefined)
    }
    // Two hosts of two cores: each has room for the one that grows, or for one that is added.
    const { parcel, fabric } = relaxed()
    const hosts = [...fabric.state.stored.host.values()].map((host) =>
      put('host', host.name, { ...host, cores: fabric.instances().some((one) => one.host === host.name) ? 2 : 0 }),
    )
    fabric.state = keep(fabric.state, ...hosts)
    parcel.roles = [
      { ...before, size: 'Medium' },
      { name: 'More', endpoints: '' },
    ]
    fabric.ask(upgradeTo({ Web: 2, More: 1 }, { force: true }), id)
    assert.match(fabric.operation(id).error?.message ?? '', /would not have room there with their new size/)
  })

  it('adds a role, and removes one with Force', () => {
    const { parcel, fabric } = relaxed()
    parcel.roles = [before, { name: 'More', endpoints: '' }]
    fabric.ask(upgradeTo({ Web: 2, More: 1 }))
    walkThrough(fabric)
    assert.deepEqual(Object.keys(goals(fabric)).toSorted(), ['More_IN_0', 'Web_IN_0', 'Web_IN_1'])
    parcel.roles = [before]
    parcel.sha256 = 'sha3'
    fabric.ask(upgradeTo({ Web: 2 }), id)
    assert.match(fabric.operation(id).error?.message ?? '', /the role More would be removed.*Force/)
    fabric.ask(upgradeTo({ Web: 2 }, { force: true }))
    walkThrough(fabric)
    assert.deepEqual(Object.keys(goals(fabric)).toSorted(), ['Web_IN_0', 'Web_IN_1'])
  })

  it('does not let a larger local storage be rolled back, and a size only with Force (U-43, U-45)', () => {
    for (const [after, force, refusal] of [
      [{ inside: store(200) }, true, /local storage Data/],
      [{ size: 'Medium' }, false, /lose local data.*Force/],
    ] as const) {
      const { parcel, fabric } = relaxed()
      parcel.roles = [{ ...before, ...after }]
      fabric.ask(upgradeTo({ Web: 2 }, { force: true, mode: 'Manual' }))
      assert.match(refusedWith(fabric.ask(rollBack({ force: force && false }))).message, refusal)
    }
  })

  it('lets a size be rolled back that takes the very last cores, and refuses it for one core less (U-45)', () => {
    const { parcel, fabric } = relaxed([{ ...before, size: 'Medium' }])
    parcel.roles = [before]
    fabric.ask(upgradeTo({ Web: 2 }, { force: true, mode: 'Manual' }))
    obey(fabric)
    fabric.ask(walkOf(0))
    obey(fabric)
    // Two of Medium took 4 cores; the one that has moved takes 1 now.
    assert.equal(fabric.state.derived.cores.get(fabric.deployment().subscriptionId), 3)
    const refusalWith = (maxCores: number) =>
      rollbackFault(withQuota(fabric.state, maxCores), fabric.deployment())?.message
    assert.equal(refusalWith(4), undefined)
    assert.match(refusalWith(3) ?? '', /'cores count' is 3 .*current count is 3.*increment is 1/)
  })

  it('lets a rollback go that needs no core more, though the quota has been lowered below what runs (U-45)', () => {
    const { fabric } = relaxed()
    fabric.ask(upgradeTo({ Web: 2 }, { mode: 'Manual' }))
    assert.equal(rollbackFault(withQuota(fabric.state, 1), fabric.deployment()), undefined)
  })

  /** A domain with an instance that is to leave its host has begun, and the instance has not been told yet: its peer in the domain still drains. */
  function between(size: string, then: string): Fabric {
    const { parcel, fabric } = relaxed([{ ...before, size }], { Web: 4 })
    parcel.roles = [{ ...before, size: then }]
    fabric.ask(upgradeTo({ Web: 4 }, { force: true }))
    for (const prepared of ['sha', 'sha2']) fabric.report('ReadyRole', undefined, { prepared })
    const [one] = fabric.instances()
    assert.deepEqual([one?.size, fabric.deployment().update?.state], [size, 'During'])
    return fabric
  }

  const moves: readonly [size: string, then: string, cores: number, has: boolean][] = [
    ['Small', 'Medium', 1, false],
    ['Small', 'Medium', 2, true],
    ['Medium', 'Small', 1, true],
    ['Medium', 'Large', 2, false],
  ]
  for (const [size, then, cores, has] of moves)
    it(`${has ? 'starts' : 'does not start'} an instance that is becoming ${then}, and was ${size}, on another host with ${cores} cores (U-55, A-10)`, () => {
      const fabric = between(size, then)
      const [one] = fabric.instances()
      assert.ok(one)
      const drain = { operation: 'x' }
      const full = [...fabric.state.stored.host.values()].map((host) => put('host', host.name, { ...host, drain }))
      const { stored } = keep(fabric.state, ...full)
      const spare = { ...(stored.host.first() as HostRecord), name: 'spare', drain: undefined, cores }
      const moved = relocated(
        keep(fabric.state, ...full, put('host', 'spare', spare)),
        one,
        { kind: 'Healed', reason: '' },
        fabric.now,
      )
      const record = moved?.stored.instance.get(one.key)
      assert.deepEqual(record && [record.host, record.size], has ? ['spare', then] : undefined)
    })

  it('with a single role leaves every other one as it is', () => {
    const { parcel, fabric } = relaxed([before, { name: 'Work', endpoints: '' }], { Web: 2, Work: 1 })
    parcel.roles = [
      { ...before, inside: store(200) },
      { name: 'Work', endpoints: '' },
    ]
    fabric.ask(upgradeTo({ Web: 2, Work: 1 }, { role: 'Work' }), id)
    assert.match(fabric.operation(id).error?.message ?? '', /role Web: the local storage Data/)
    assert.equal(fabric.view().configuration, configuration({ Web: 2, Work: 1 }))
  })
})
