/** Where the addresses of instances come from: the subnet of their host, if it has said one, else the fabric's network (A-23). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { reserveAddress } from '../../src/fabric/controller/belongings/reserve-address.ts'
import { addressesOf } from '../../src/fabric/controller/places/addresses.ts'
import { allocate } from '../../src/fabric/controller/places/allocate.ts'
import type { HostRecord } from '../../src/fabric/controller/state/records/host.ts'
import { dotted, overlap, readHostSubnet, roomOf } from '../../src/host/contract/subnet.ts'
import {
  configuration,
  createDeployment,
  createShop,
  deployed,
  type Fabric,
  fabricOf,
  shipped,
  shippedPackage,
  subscriptionId,
} from './fabric.ts'

const numberOf = (address: string) => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)

function isIn(address: string, subnet: string): boolean {
  const { first, size } = readHostSubnet(subnet) ?? assert.fail(subnet)
  return overlap({ first, size }, { first: numberOf(address), size: 1 })
}

/** Starts that many instances; what the deployment was refused with. */
function deploy(fabric: Fabric, instances: number): string | undefined {
  fabric.ask(createShop)
  const reply = fabric.ask(createDeployment({ configuration: configuration({ Web: instances }) }))
  assert.ok('accepted' in reply)
  return fabric.operation(reply.accepted.id).error?.message
}

const hostOf = (fabric: Fabric, name: string) => fabric.state.stored.host.get(name) as HostRecord

describe('a subnet', () => {
  const rows: readonly (readonly [text: string, found: readonly [first: string, room: number] | undefined])[] = [
    ['10.0.0.0/8', ['10.0.0.0', 2 ** 24 - 2]],
    ['127.5.16.0/24', ['127.5.16.0', 254]],
    ['192.168.1.4/30', ['192.168.1.4', 2]],
    ['255.255.255.252/30', ['255.255.255.252', 2]],
    ['10.0.0.0/7', undefined],
    ['10.0.0.0/31', undefined],
    ['10.0.0.1/24', undefined],
    ['10.0.0.0', undefined],
    ['10.0.0/24', undefined],
    ['10.0.0.0.0/24', undefined],
    ['10.0.0.256/24', undefined],
    ['10.0.0.-0/24', undefined],
    ['010.0.0.0/24', undefined],
    ['1e1.0.0.0/24', undefined],
    ['10.0.0.0/24/24', undefined],
    ['10.0.0.0/ 24', undefined],
    ['0x0a.0.0.0/24', undefined],
    ['10.0.0.0/024', undefined],
    ['::/24', undefined],
    ['::ffff:10.0.0.0/120', undefined],
    ['', undefined],
  ]
  for (const [text, expected] of rows)
    it(`${JSON.stringify(text)} ${expected ? `begins at ${expected[0]}` : 'is none'}`, () => {
      const found = readHostSubnet(text)
      assert.deepEqual(found && [dotted(found.first), roomOf(found)], expected)
    })

  it('is read as it is written, and overlaps what has an address of it', () => {
    const subnet = fc.tuple(fc.integer({ min: 8, max: 30 }), fc.nat(2 ** 32 - 1)).map(([prefix, at]) => {
      const size = 2 ** (32 - prefix)
      return { first: at - (at % size), size, prefix }
    })
    fc.assert(
      fc.property(subnet, subnet, ({ first, size, prefix }, other) => {
        assert.deepEqual(readHostSubnet(`${dotted(first)}/${prefix}`), { first, size })
        // Of two aligned blocks one is in the other, or they are apart.
        const [small, large] = size < other.size ? [first, other] : [other.first, { first, size }]
        const meets = small >= large.first && small < large.first + large.size
        assert.equal(overlap({ first, size }, other), meets)
        assert.equal(overlap(other, { first, size }), meets)
      }),
    )
  })
})

describe('the address of an instance', () => {
  const subnets = { a: '10.0.0.0/24', b: '10.0.1.0/24' }

  it('is of the subnet of its host; a host without one has addresses of the fabric that are in nobody else’s', () => {
    const fabric = fabricOf()
    fabric.host('a', { subnet: subnets.a, cores: 2 })
    fabric.host('b', { subnet: subnets.b, cores: 2, faultDomain: 1 })
    deploy(fabric, 4)
    const addresses = fabric.instances().map(({ host, address }) => [host, address] as const)
    assert.equal(addresses.length, 4)
    for (const [host, address] of addresses) assert.ok(isIn(address, subnets[host as 'a' | 'b']), `${host} ${address}`)
    assert.equal(new Set(addresses.map(([, address]) => address)).size, 4)
    fabric.host('c', { subnet: '127.77.16.0/24' })
    fabric.host('d')
    const found = addressesOf(fabric.state)
    assert.equal(found.takeDip(hostOf(fabric, 'd')), '127.77.17.1')
    assert.equal(found.takeDip(hostOf(fabric, 'c')), '127.77.16.1')
    assert.equal(found.takeVip(), addressesOf(fabric.state).takeVip())
  })

  it('rests when it is released, on each host for itself, and is never the first or the last of the subnet', () => {
    const fabric = fabricOf()
    fabric.host('a', { subnet: '10.0.0.0/29' })
    fabric.host('b', { subnet: '10.0.0.8/29' })
    const found = addressesOf(fabric.state)
    const take = (name: string, count: number) =>
      Array.from({ length: count }, () => found.takeDip(hostOf(fabric, name))?.replace('10.0.0.', ''))
    assert.deepEqual(take('a', 3), ['1', '2', '3'])
    assert.deepEqual(take('b', 7), ['9', '10', '11', '12', '13', '14', undefined])
    assert.deepEqual(take('a', 4), ['4', '5', '6', undefined])
  })

  it('stays when its host says another subnet, and is nobody else’s; the next come from the new one', () => {
    const fabric = fabricOf()
    fabric.host('a', { subnet: subnets.a })
    deploy(fabric, 2)
    const before = fabric.instances().map(({ address }) => address)
    fabric.host('a', { subnet: '10.9.0.0/24' })
    fabric.host('b', { subnet: subnets.a })
    assert.deepEqual(
      fabric.instances().map(({ address }) => address),
      before,
    )
    const found = addressesOf(fabric.state)
    assert.equal(found.takeDip(hostOf(fabric, 'a')), '10.9.0.1')
    const other = found.takeDip(hostOf(fabric, 'b'))
    assert.ok(other !== undefined && isIn(other, subnets.a) && !before.includes(other), other)
  })

  it('is room that a host must have: one whose subnet is full takes nothing more, and the refusal says so', () => {
    const hosts = (fabric: Fabric) => fabric.instances().map(({ host }) => host)
    const fabric = fabricOf()
    fabric.host('a', { subnet: '10.0.0.0/30' })
    fabric.host('b', { subnet: '10.0.0.8/29' })
    assert.equal(deploy(fabric, 6), undefined)
    assert.deepEqual(hosts(fabric).toSorted(), ['a', 'a', 'b', 'b', 'b', 'b'])
    const small = fabricOf()
    small.host('a', { subnet: '10.0.0.0/30' })
    assert.match(deploy(small, 3) ?? '', /no set of the 1 hosts has the free cores, memory, disk and addresses/)
    assert.deepEqual(hosts(small), [])
  })

  /** All addresses of the fabric are in use but that many of those for instances. */
  function withLeft(count: number): Fabric {
    const fabric = deployed()
    const addresses = addressesOf(fabric.state)
    const all = (take: () => string | undefined) => [...iterate(take)]
    const dips = all(() => addresses.takeDip(hostOf(fabric, 'a')))
    const inUse = fabric.state.derived.addresses.union(dips.slice(count), all(addresses.takeVip))
    fabric.state = { ...fabric.state, derived: { ...fabric.state.derived, addresses: inUse } }
    return fabric
  }

  it('is refused when the fabric has none left, be it for one of several instances', () => {
    const allocated = (count: number) => {
      const { state, deployment } = withLeft(count)
      const { definition } = shippedPackage(shipped()).model
      return allocate(state, deployment(), definition, { Web: [2, 3, 4] }, 'release')
    }
    assert.equal(allocated(3).ok, true)
    assert.deepEqual(allocated(2), {
      ok: false,
      fault: {
        code: 'OverconstrainedAllocationRequest',
        message: 'The fabric has no address left. Delete a deployment first.',
      },
    })
  })

  it('at the VIP is refused when none is left, to a deployment and to who would reserve one (V-2)', () => {
    const { state, deployment, now } = withLeft(3)
    const { definition } = shippedPackage(shipped()).model
    const draft = { ...deployment(), vip: '' }
    const allocated = allocate(state, draft, definition, { Web: [2] }, 'release')
    assert.match(allocated.ok ? '' : allocated.fault.message, /no address left/)
    const command = { kind: 'reserveAddress', reservedAddress: 'mine', location: 'Here' } as const
    const request = { requestId: 'r', subscriptionId, freshId: 'f', now } as Parameters<typeof reserveAddress>[2]
    const reserved = reserveAddress(state, command, request)
    assert.ok(!reserved.ok)
    assert.deepEqual(
      [reserved.fault.code, reserved.fault.message],
      ['BadRequest', 'The fabric has no address left to reserve. Delete a deployment or a reserved IP first.'],
    )
  })
})

function* iterate(take: () => string | undefined): Generator<string> {
  for (let found = take(); found !== undefined; found = take()) yield found
}
