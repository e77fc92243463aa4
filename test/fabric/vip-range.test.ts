/** Where VIPs come from when the operator has named a range (`--vip-range`), and which are nobody's. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import {
  isVipOf,
  rangeText,
  readVipRange,
  type VipRange,
  vipRangeConflict,
  vipsOf,
} from '../../src/fabric/contract/vip-range.ts'
import { addressesOf } from '../../src/fabric/controller/places/addresses.ts'
import { dotted } from '../../src/host/contract/subnet.ts'
import { configuration, createDeployment, createShop, type Fabric, fabricOf } from './fabric.ts'

function rangeOf(text: string): VipRange {
  const read = readVipRange(text)
  assert.ok(read.ok, text)
  return read.value
}

describe('a range of VIPs', () => {
  const rows: readonly (readonly [text: string, found: string])[] = [
    ['192.0.2.10-192.0.2.29', '192.0.2.10-192.0.2.29'],
    [' 192.0.2.10 - 192.0.2.10 ', '192.0.2.10-192.0.2.10'],
    ['192.0.2.16/28', '192.0.2.17-192.0.2.30'],
    ['192.0.2.20/30', '192.0.2.21-192.0.2.22'],
    ['192.0.2.20/31', '192.0.2.20-192.0.2.21'],
    ['192.0.2.20/32', '192.0.2.20-192.0.2.20'],
    ['192.0.2.0/24', '192.0.2.1-192.0.2.254'],
    ['192.0.2.200-192.0.3.100', '192.0.2.200-192.0.3.100'],
  ]
  for (const [text, found] of rows) it(`${text} is ${found}`, () => assert.equal(rangeText(rangeOf(text)), found))

  const wrong: readonly (readonly [text: string, why: RegExp])[] = [
    ['', /it is neither two addresses/],
    ['192.0.2.1', /it is neither two addresses/],
    ['192.0.2.1-192.0.2.2-192.0.2.3', /it is neither two addresses/],
    ['192.0.2.1-', /it is neither two addresses/],
    ['192.0.2.01-192.0.2.2', /it is neither two addresses/],
    ['2001:db8::/120', /it is neither two addresses/],
    ['::ffff:192.0.2.0/120', /it is neither two addresses/],
    ['192.0.2.0/33', /it is neither two addresses/],
    ['x'.repeat(1_000_000), /it is neither two addresses/],
    ['192.0.2.9-192.0.2.8', /its last address comes before its first/],
    ['192.0.0.0/16', /it has 65534 addresses, and a fabric takes at most 256/],
    ['127.0.0.10-127.0.0.20', /of loopback/],
    ['223.255.255.250-224.0.0.1', /of no single computer/],
    ['169.254.1.0/24', /of one link alone/],
    ['168.63.129.16/32', /of the wire servers/],
    ['0.0.0.0/32', /of no computer/],
  ]
  for (const [text, why] of wrong)
    it(`is not ${text.slice(0, 40)}`, () => {
      const read = readVipRange(text)
      assert.ok(!read.ok)
      assert.match(read.fault.message, why)
      assert.ok(read.fault.message.length < 300)
    })

  it('has exactly the addresses that it lists', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 24, max: 2 ** 24 + 10_000 }),
        fc.integer({ min: 1, max: 256 }),
        (first, size) => {
          const range = rangeOf(`${dotted(first)}-${dotted(first + size - 1)}`)
          assert.deepEqual(range, { first, size })
          const listed = vipsOf(range)
          assert.ok(listed.length === size && listed.every((address) => isVipOf(range, address)))
          assert.ok(!isVipOf(range, dotted(first - 1)) && !isVipOf(range, dotted(first + size)))
        },
      ),
    )
  })

  it('has no machine’s own address in it, and none of the role instances', () => {
    const facts = { network: 7, machines: ['192.0.2.1', '192.0.2.2'] }
    assert.equal(vipRangeConflict(rangeOf('192.0.2.3-192.0.2.9'), facts), undefined)
    assert.equal(
      vipRangeConflict(rangeOf('192.0.2.2-192.0.2.9'), facts),
      'The VIPs cannot be 192.0.2.2-192.0.2.9: 192.0.2.2 is the address of a machine.',
    )
    assert.match(vipRangeConflict(rangeOf('10.7.3.0/29'), facts) ?? '', /10\.7\.0\.0\/16 are those of role instances/)
  })
})

describe('a fabric with a range of VIPs', () => {
  const setUp = () => {
    const fabric = fabricOf()
    fabric.state = { ...fabric.state, facts: { ...fabric.state.facts, vipRange: rangeOf('192.0.2.16/30') } }
    fabric.host('a')
    fabric.ask(createShop)
    return fabric
  }
  /** What a staging or production deployment is refused with. */
  const deploy = (fabric: Fabric, slot: 'Production' | 'Staging') => {
    const reply = fabric.ask(createDeployment({ slot, name: slot, configuration: configuration({ Web: 1 }) }))
    assert.ok('accepted' in reply)
    return fabric.operation(reply.accepted.id).error?.message
  }
  const says = (fabric: Fabric, takenVips: Readonly<Record<string, string>>) =>
    fabric.tell({
      kind: 'balancerReport',
      balancer: 'load-balancer:north',
      report: { balancer: 'b', acknowledged: 0, drained: [], boundPorts: {}, probedOut: {}, failed: {}, takenVips },
    })

  it('gives them out, also to who reserves one, and then says in one sentence that there is none left', () => {
    const fabric = setUp()
    assert.equal(deploy(fabric, 'Production'), undefined)
    assert.equal(fabric.deployment().vip, '192.0.2.17')
    assert.ok('accepted' in fabric.ask({ kind: 'reserveAddress', reservedAddress: 'mine', location: 'Here' }))
    assert.equal(
      deploy(fabric, 'Staging'),
      'All 2 VIPs of 192.0.2.17-192.0.2.18 are in use, reserved, or answered at by other computers. Delete a deployment or a reserved IP first, or have the operator name a larger range.',
    )
  })

  it('gives out none at which another computer answers, and says so once in the history', () => {
    const fabric = setUp()
    for (let times = 0; times < 3; times++) says(fabric, { '192.0.2.17': 'its hardware address is 02:00:00:00:00:01' })
    assert.equal(addressesOf(fabric.state).takeVip(), '192.0.2.18')
    assert.deepEqual(
      [...fabric.state.stored.event.values()].flatMap(({ kind, subject, reason }) =>
        kind === 'VipTaken' ? [[subject, reason]] : [],
      ),
      [
        [
          '192.0.2.17',
          'Another computer answers at the VIP 192.0.2.17: its hardware address is 02:00:00:00:00:01. It is not given out; take it from that computer, or name another range.',
        ],
      ],
    )
    says(fabric, {})
    assert.equal(addressesOf(fabric.state).takeVip(), '192.0.2.17', 'it is free again')
  })
})
