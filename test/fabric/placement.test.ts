import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type Candidate, place, type Wanted } from '../../src/fabric/controller/places/placement.ts'
import { faultDomainPlans } from '../../src/fabric/controller/places/pool.ts'
import { coresOf, countedCores, knownSize, noLoad, withInstance } from '../../src/fabric/controller/state/load.ts'
import { faultDomainOf, upgradeDomainOf } from '../../src/service-model/domains.ts'
import { configuration, createDeployment, createShop, fabricOf, shipped } from './fabric.ts'

function host(name: string, change: Partial<Candidate> = {}): Candidate {
  return { name, faultDomain: 0, inService: true, cores: 8, memoryMB: 0, diskMB: 0, load: noLoad, ...change }
}

function loaded(cores: number, domains: readonly number[] = []): Candidate['load'] {
  return { ...noLoad, cores, instances: 1, domains: new Set(domains) }
}

function wanted(index: number, change: Partial<Wanted> & { readonly vmSize?: string } = {}): Wanted {
  const { vmSize = 'Small', ...rest } = change
  return {
    key: `Web_IN_${index}`,
    role: 'Web',
    size: knownSize(vmSize),
    upgradeDomain: index % 5,
    faultDomain: undefined,
    ...rest,
  }
}

/** Where the instances went, in their order; undefined when the request was refused. */
function hostsOf(
  candidates: readonly Candidate[],
  instances: readonly Wanted[],
): readonly (string | undefined)[] | undefined {
  const placed = place(candidates, instances)
  return placed && instances.map(({ key }) => placed.get(key))
}

describe('placement', () => {
  const rows: readonly [
    rule: string,
    candidates: readonly Candidate[],
    instances: readonly Wanted[],
    hosts: readonly string[] | undefined,
  ][] = [
    [
      'spreads a role over hosts before it doubles up (A-7)',
      [host('a'), host('b')],
      [wanted(0), wanted(1), wanted(2)],
      ['a', 'b', 'a'],
    ],
    ['breaks ties by host name (A-7)', [host('b'), host('a')], [wanted(0)], ['a']],
    ['fits tightly (A-7)', [host('a'), host('b', { load: loaded(6, [0]) })], [wanted(0)], ['b']],
    [
      'prefers a host that its upgrade domain has to itself (A-7)',
      [host('a', { load: loaded(6, [1]) }), host('b')],
      [wanted(0)],
      ['b'],
    ],
    [
      'leaves a host in reserve until no other has the cores (A-3)',
      [host('a', { inService: false }), host('b', { load: loaded(6) })],
      [wanted(0), wanted(1), wanted(2)],
      ['b', 'b', 'a'],
    ],
    ['gives no core out twice (A-6)', [host('a', { cores: 1 })], [wanted(0), wanted(1)], undefined],
    [
      'lets four ExtraSmall share a core (A-6)',
      [host('a', { cores: 1 })],
      [0, 1, 2, 3].map((i) => wanted(i, { vmSize: 'ExtraSmall' })),
      ['a', 'a', 'a', 'a'],
    ],
    [
      'and gives the fifth none',
      [host('a', { cores: 1 })],
      [0, 1, 2, 3, 4].map((i) => wanted(i, { vmSize: 'ExtraSmall' })),
      undefined,
    ],
    [
      'counts declared memory (A-7)',
      [host('a', { memoryMB: 2_000 }), host('b')],
      [wanted(0), wanted(1), wanted(2)],
      ['a', 'b', 'b'],
    ],
    ['counts declared disk (A-7)', [host('a', { diskMB: 1 })], [wanted(0)], undefined],
    [
      'keeps to the fault domain (A-19)',
      [host('a'), host('b', { faultDomain: 1 })],
      [wanted(0, { faultDomain: 1 })],
      ['b'],
    ],
    [
      'refuses the whole request when one instance finds no host (A-8)',
      [host('a', { cores: 9 })],
      [wanted(0), wanted(1, { vmSize: 'A7' }), wanted(2, { vmSize: 'A7' })],
      undefined,
    ],
  ]
  for (const [rule, candidates, instances, expected] of rows)
    it(rule, () => assert.deepEqual(hostsOf(candidates, instances), expected))

  it('counts what instances take of a host, and gives it back when they go (A-6, A-7)', () => {
    const fabric = fabricOf({
      ...shipped(),
      roles: [{ size: 'ExtraSmall' }, { name: 'Big', size: 'Medium', endpoints: '' }],
    })
    fabric.host('a')
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 5, Big: 1 }) }))
    const all = fabric.instances()
    const full = all.reduce((load, one) => withInstance(load, one, 1), noLoad)
    const { cores, sharers, memoryMB, diskMB, instances, domains } = full
    assert.deepEqual(
      [cores, sharers, coresOf(full), memoryMB, diskMB, instances, domains.toObject()],
      [2, 5, 4, 5 * 768 + 3_584, 5 * 19_480 + 500_760, 6, { 0: 4, 1: 2 }],
    )
    const empty = all.reduce((load, one) => withInstance(load, one, -1), full)
    assert.deepEqual({ ...empty, domains: empty.domains.toObject() }, { ...noLoad, domains: {} })
    const [first] = all
    assert.ok(first)
    const unknown = withInstance(noLoad, { ...first, size: 'Huge' }, 1)
    assert.deepEqual(
      [coresOf(unknown), unknown.sharers, unknown.memoryMB],
      [0, 0, 0],
      'of a size that nobody knows any more',
    )
    assert.deepEqual(
      all.map(countedCores),
      all.map(({ size }) => (size === 'Medium' ? 2 : 1)),
    )
  })

  const sizes = fc.constantFrom('ExtraSmall', 'Small', 'Medium', 'Large')
  const cluster = fc.array(
    fc.record({ cores: fc.integer({ min: 1, max: 8 }), faultDomain: fc.integer({ min: 0, max: 2 }) }),
    { minLength: 1, maxLength: 12 },
  )
  const roles = fc.array(fc.record({ size: sizes, count: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 3,
  })

  it('never exceeds the cores of a host, places all or nothing, and spans two fault domains (A-6, A-8, A-19)', () => {
    let placements = 0
    fc.assert(
      fc.property(cluster, roles, fc.integer({ min: 1, max: 6 }), (machines, wantedRoles, domains) => {
        const candidates = machines.map((machine, i) => host(`h${i}`, machine))
        const racks = faultDomainPlans(candidates)[0] ?? []
        const instances = wantedRoles.flatMap(({ size, count }, role) =>
          Array.from({ length: count }, (_, index) => ({
            key: `R${role}_IN_${index}`,
            role: `R${role}`,
            size: knownSize(size),
            upgradeDomain: upgradeDomainOf(index, domains),
            faultDomain: racks[faultDomainOf(index, domains, racks.length)],
          })),
        )
        const placed = place(candidates, instances)
        if (!placed) return
        placements += 1
        assert.equal(placed.size, instances.length)
        for (const { name, cores } of candidates) {
          const here = instances.filter(({ key }) => placed.get(key) === name)
          const dedicated = here.filter(({ size }) => !size.shared).reduce((sum, { size }) => sum + size.cores, 0)
          assert.ok(coresOf({ cores: dedicated, sharers: here.filter(({ size }) => size.shared).length }) <= cores)
        }
        const rackOf = new Map(candidates.map(({ name, faultDomain }) => [name, faultDomain]))
        for (const [role, { count }] of wantedRoles.entries()) {
          const used = instances
            .filter((one) => one.role === `R${role}`)
            .map(({ key }) => rackOf.get(placed.get(key) as string))
          if (racks.length >= 2 && count >= 2) assert.ok(new Set(used).size >= 2)
        }
      }),
    )
    assert.ok(placements > 10, 'enough of the clusters had room')
  })
})
