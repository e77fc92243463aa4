/** Who may answer as master, and whom a party asks that has a list of controllers: the thinking that the fabric and the simulator share. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answered, failed, firstChoice, listed } from '../../src/kernel/controller-choice.ts'
import { electionTimes, isSure, leaseAskedAt } from '../../src/kernel/election.ts'

describe('a lease', () => {
  it('is sure for less than its time from the moment at which it was asked for, however late the answer came', () => {
    const lease = leaseAskedAt('one', 1_000)
    assert.ok(isSure(lease, 1_000 + electionTimes.leaseMs - 251))
    assert.ok(!isSure(lease, 1_000 + electionTimes.leaseMs - 250))
  })
})

describe('a party that has a list of controllers', () => {
  const three = firstChoice(['a', 'b', 'c'])

  it('asks where it was answered last, after a failure the next, and whom it is sent to', () => {
    assert.equal(failed(three, 'a').current, 'b')
    assert.equal(failed(failed(failed(three, 'a'), 'b'), 'c').current, 'a')
    assert.equal(failed(three, 'a', 'c').current, 'c')
    assert.equal(answered(three, 'b').current, 'b')
  })

  it('is not sent to one that it does not know, nor back to the one that sends it, nor by one that it does not ask any more', () => {
    assert.equal(failed(three, 'a', 'x').current, 'b')
    assert.equal(failed(three, 'a', 'a').current, 'b')
    assert.equal(failed(three, 'b', 'c').current, 'a')
    assert.equal(answered(three, 'x').current, 'a')
  })

  it('keeps to its controller when the list changes, as long as it is in it', () => {
    assert.equal(listed(answered(three, 'b'), ['b', 'd']).current, 'b')
    assert.equal(listed(three, ['b', 'd']).current, 'b')
    assert.throws(() => listed(three, []), /the list of controllers is empty/)
  })
})
