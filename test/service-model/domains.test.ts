import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { faultDomainOf, reportedDomainCount, upgradeDomainOf } from '../../src/service-model/domains.ts'
import { instanceId, parseInstanceId } from '../../src/service-model/instance-id.ts'

const upgradeDomains = fc.integer({ min: 1, max: 20 })
const faultDomains = fc.integer({ min: 2, max: 20 })
const instances = fc.integer({ min: 2, max: 200 })

function counts(instanceCount: number, domainOf: (index: number) => number): readonly number[] {
  const found = new Map<number, number>()
  for (let index = 0; index < instanceCount; index += 1)
    found.set(domainOf(index), (found.get(domainOf(index)) ?? 0) + 1)
  return [...found].toSorted(([one], [other]) => one - other).map(([, count]) => count)
}

describe('upgrade domains', () => {
  const table: readonly (readonly [instances: number, domains: number, spread: readonly number[]])[] = [
    [10, 5, [2, 2, 2, 2, 2]],
    [14, 5, [3, 3, 3, 3, 2]],
    [8, 2, [4, 4]],
    [9, 2, [5, 4]],
  ]
  for (const [instanceCount, domains, spread] of table)
    it(`spreads ${instanceCount} instances over ${domains} domains as ${spread.join(', ')} (A-13, A-14)`, () => {
      assert.deepEqual(
        counts(instanceCount, (index) => upgradeDomainOf(index, domains)),
        spread,
      )
    })

  it('spreads any number evenly (A-12)', () => {
    fc.assert(
      fc.property(instances, upgradeDomains, (instanceCount, domains) => {
        const spread = counts(instanceCount, (index) => upgradeDomainOf(index, domains))
        assert.ok(Math.max(...spread) - Math.min(...spread) <= 1)
        assert.equal(spread.length, Math.min(instanceCount, domains))
      }),
    )
  })

  it('reports no more domains than the largest role has instances (A-18)', () => {
    assert.equal(reportedDomainCount({ upgradeDomainCount: 5 }, { Web: 2, Worker: 3 }), 3)
    assert.equal(reportedDomainCount({ upgradeDomainCount: 5 }, { Web: 10 }), 5)
  })
})

describe('fault domains (A-19)', () => {
  it('spread a role evenly over two or more', () => {
    fc.assert(
      fc.property(instances, upgradeDomains, faultDomains, (instanceCount, upgrade, fault) => {
        const spread = counts(instanceCount, (index) => faultDomainOf(index, upgrade, fault))
        assert.equal(spread.length, Math.min(instanceCount, fault))
        assert.ok(Math.max(...spread) - Math.min(...spread) <= 1)
      }),
    )
  })

  it('spread each upgrade domain of two or more instances over two or more', () => {
    fc.assert(
      fc.property(instances, upgradeDomains, faultDomains, (instanceCount, upgrade, fault) => {
        const indexes = Array.from({ length: instanceCount }, (_, index) => index)
        for (const group of Map.groupBy(indexes, (index) => upgradeDomainOf(index, upgrade)).values())
          if (group.length > 1) assert.ok(new Set(group.map((index) => faultDomainOf(index, upgrade, fault))).size > 1)
      }),
    )
  })

  it('give two instances (0, 0) and (1, 1), and everybody 0 when there is one (A-20)', () => {
    assert.deepEqual(
      [0, 1].map((index) => [faultDomainOf(index, 5, 2), upgradeDomainOf(index, 5)]),
      [
        [0, 0],
        [1, 1],
      ],
    )
    assert.equal(faultDomainOf(7, 5, 1), 0)
    assert.equal(faultDomainOf(7, 5, 0), 0)
  })
})

describe('instance IDs (A-22)', () => {
  it('are read back as they were written', () => {
    assert.equal(instanceId('Web', 3), 'Web_IN_3')
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (role, index) => {
        assert.deepEqual(parseInstanceId(instanceId(role, index)), { role, index })
      }),
    )
  })

  it('are not everything that looks like one', () => {
    for (const id of ['Web', 'Web_IN_', 'Web_IN_01', '_IN_1', 'Web_in_1']) assert.equal(parseInstanceId(id), undefined)
  })
})
