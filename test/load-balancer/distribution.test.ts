import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Flow } from '../../src/fabric/contract/data-plane.ts'
import { chooseMember } from '../../src/fabric/load-balancer/distribution.ts'
import { member } from './rig.ts'

const members = Array.from({ length: 10 }, (_, index) => member(`d.Web_IN_${index}`, 20_000 + index))

function flow(given: Partial<Flow> = {}): Flow {
  return { protocol: 'tcp', clientAddress: '10.1.2.3', clientPort: 50_000, address: '127.3.1.1', port: 80, ...given }
}

const anyFlow = fc.record({
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  clientAddress: fc.ipV4(),
  clientPort: fc.integer({ min: 1, max: 65_535 }),
  address: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65_535 }),
})
const anyMode = fc.constantFrom('none' as const, 'sourceIP' as const, 'sourceIPProtocol' as const)

describe('distribution (L-8)', () => {
  it('sends the same flow to the same member, in whatever order the members stand', () => {
    fc.assert(
      fc.property(anyFlow, anyMode, fc.shuffledSubarray(members, { minLength: 10 }), (one, mode, shuffled) => {
        assert.equal(chooseMember(shuffled, mode, one), chooseMember(members, mode, one))
      }),
    )
  })

  it('maps anew only the flows of a member that left', () => {
    fc.assert(
      fc.property(anyFlow, anyMode, fc.nat(9), (one, mode, gone) => {
        const before = chooseMember(members, mode, one)
        const after = chooseMember(members.toSpliced(gone, 1), mode, one)
        if (before !== members[gone]) assert.equal(after, before)
        else assert.ok(after && after !== before)
      }),
    )
  })

  it('sourceIP looks at the two addresses alone, sourceIPProtocol at the protocol too', () => {
    fc.assert(
      fc.property(anyFlow, anyFlow, (one, other) => {
        const elsewhere = { ...one, clientPort: other.clientPort, port: other.port }
        assert.equal(
          chooseMember(members, 'sourceIPProtocol', elsewhere),
          chooseMember(members, 'sourceIPProtocol', one),
        )
        const udp = { ...elsewhere, protocol: other.protocol }
        assert.equal(chooseMember(members, 'sourceIP', udp), chooseMember(members, 'sourceIP', one))
      }),
    )
    const differs = (mode: 'sourceIP' | 'sourceIPProtocol') =>
      Array.from({ length: 50 }, (_, index) => flow({ clientAddress: `10.0.0.${index}` })).some(
        (one) => chooseMember(members, mode, one) !== chooseMember(members, mode, { ...one, protocol: 'udp' }),
      )
    assert.deepEqual([differs('sourceIP'), differs('sourceIPProtocol')], [false, true])
  })

  it('spreads the connections of one client over all members by the 5-tuple', () => {
    const counts = new Map<string, number>()
    for (let port = 10_000; port < 20_000; port++) {
      const chosen = chooseMember(members, 'none', flow({ clientPort: port }))?.instance ?? ''
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
    }
    assert.equal(counts.size, 10)
    for (const [instance, count] of counts) assert.ok(count > 850 && count < 1_150, `${instance} got ${count} of 10000`)
  })

  it('picks nobody when nobody is in rotation (L-11)', () => {
    assert.equal(chooseMember([], 'none', flow()), undefined)
  })
})
