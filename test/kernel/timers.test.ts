/** The limits of table C-1 as an operator sets them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { timersWith } from '../../src/kernel/timers.ts'

describe('hostIsolatedAfter', () => {
  const rows: readonly (readonly [overrides: readonly string[], ms: number])[] = [
    [[], 40_000],
    [['hostLostAfter=10min'], 40_000],
    [['hostLostAfter=30s'], 20_000],
    [['hostIsolatedAfter=45s'], 45_000],
    [['hostLostAfter=4s', 'hostIsolatedAfter=3s'], 3_000],
  ]
  for (const [overrides, ms] of rows)
    it(`is ${ms} ms with ${overrides.join(' and ') || 'no override'}`, () =>
      assert.equal(timersWith(overrides).hostIsolatedAfter, ms))

  it('is refused when it leaves a host too little time to stop its guests before it is lost (H-38)', () => {
    for (const overrides of [['hostIsolatedAfter=46s'], ['hostLostAfter=4s', 'hostIsolatedAfter=3.1s']])
      assert.throws(() => timersWith(overrides), /hostIsolatedAfter: .* leave a host that is cut off too little time/)
  })
})
