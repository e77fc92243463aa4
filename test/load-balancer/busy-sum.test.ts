import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBusy } from '../../src/machine/load-balancer/workers/busy-sum.ts'

describe('requests in flight over all processes that accept', () => {
  it('end at an instance when the last process has none there', () => {
    const sum = sumBusy<string>()
    sum.count('here', ['a', 'b'])
    sum.count('worker', ['a'])
    assert.deepEqual(sum.busy(), ['a', 'b'])
    assert.equal(sum.ended('here', 'a'), false)
    assert.equal(sum.ended('here', 'b'), true)
    assert.deepEqual(sum.busy(), ['a'])
    assert.equal(sum.ended('worker', 'a'), true)
    assert.deepEqual(sum.busy(), [])
  })

  it('go with a process that ends, but for those of the others', () => {
    const sum = sumBusy<string>()
    sum.count('here', ['a'])
    sum.count('worker', ['a', 'b'])
    assert.deepEqual(sum.gone('worker'), ['b'])
    assert.deepEqual(sum.gone('worker'), [])
    assert.deepEqual(sum.busy(), ['a'])
  })

  it('are the union of what each process has, whatever happens in whatever order', () => {
    const part = fc.constantFrom('here', 'one', 'two')
    const instance = fc.constantFrom('a', 'b', 'c')
    const event = fc.oneof(
      fc.record({ kind: fc.constant('count' as const), part, instances: fc.uniqueArray(instance) }),
      fc.record({ kind: fc.constant('ended' as const), part, instance }),
      fc.record({ kind: fc.constant('gone' as const), part }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const sum = sumBusy<string>()
        let pairs: (readonly [string, string])[] = []
        const busy = () => [...new Set(pairs.map(([, at]) => at))].sort()
        for (const happened of events) {
          const before = busy()
          const isMine = ([who, at]: readonly [string, string]) =>
            who === happened.part && (happened.kind !== 'ended' || at === happened.instance)
          pairs = pairs.filter((pair) => !isMine(pair))
          if (happened.kind === 'count') {
            pairs.push(...happened.instances.map((at) => [happened.part, at] as const))
            sum.count(happened.part, happened.instances)
          } else if (happened.kind === 'ended')
            assert.equal(sum.ended(happened.part, happened.instance), !busy().includes(happened.instance))
          else {
            const told = before.filter((at) => !busy().includes(at))
            assert.deepEqual([...sum.gone(happened.part)].sort(), told)
          }
          assert.deepEqual([...sum.busy()].sort(), busy())
        }
      }),
    )
  })
})
