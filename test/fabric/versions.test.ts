/** Versions of goals and of the rotation: exact, and above whatever was seen. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import { receiveSeen } from '../../src/fabric/controller/seen/version-seen.ts'
import { epochAbove, firstVersion } from '../../src/fabric/controller/state/facts.ts'
import { deployed } from './fabric.ts'

const epochs = integer({ min: 1, max: 2 ** 21 - 1 })
const numbers = integer({ min: 0, max: 2 ** 32 - 1 })

describe('the epoch above a version', () => {
  it('begins above it, and every version of it is exact', () => {
    holds(
      property(epochs, numbers, (epoch, number) => {
        const seen = firstVersion(epoch) + number
        const above = epochAbove(seen)
        if (above === undefined) return epoch >= 2 ** 20
        assert.ok(firstVersion(above) > seen)
        return above === epoch + 1 && Number.isSafeInteger(firstVersion(above) + 2 ** 32 - 1)
      }),
    )
  })

  it('is none for a version that no fabric controller can have given: no word of a host uses the range up', () => {
    for (const nonsense of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 53 - 1, 1.5, 2 ** 52])
      assert.equal(epochAbove(nonsense), undefined, String(nonsense))
    const highest = epochAbove(firstVersion(2 ** 20) - 1)
    assert.equal(highest, 2 ** 20)
    // Half of the range is left for starts, whatever was claimed.
    assert.ok(Number.isSafeInteger(firstVersion(highest + 2 ** 19)))
  })

  it('ends with a sentence when starts have used the range up', () => {
    assert.throws(() => firstVersion(2 ** 21), /can have no more\. Begin anew/)
  })
})

describe('a version that a host has seen (A-32)', () => {
  const { state, now } = deployed()
  const { epoch } = state.facts
  const rows: readonly [what: string, version: number, epoch: number, kind: string | undefined][] = [
    ['the last one of a former master, says nothing', firstVersion(epoch) - 1, epoch, undefined],
    [
      'the first one of this epoch, shows that the store is an older one',
      firstVersion(epoch),
      epoch + 1,
      'StoreRestored',
    ],
    ['one of a later master, shows it too', firstVersion(epoch + 3) + 5, epoch + 4, 'StoreRestored'],
    ['one that nobody can have given, is named', 2 ** 53, epoch, 'VersionImpossible'],
  ]
  for (const [what, version, then, kind] of rows)
    it(what, () => {
      const { state: after } = receiveSeen(state, { kind: 'seen', party: 'a', version }, now)
      const events = [...after.stored.event.values()].filter(({ number }) => number > state.derived.lastEvent)
      assert.deepEqual(
        [after.facts.epoch, events.map((event) => [event.subject, event.kind])],
        [then, kind === undefined ? [] : [['a', kind]]],
      )
      const isAbove = (given: number) => given >= firstVersion(then)
      assert.deepEqual([after.observed.lastGoalVersion, after.observed.rotation.version].map(isAbove), [true, true])
    })
})
