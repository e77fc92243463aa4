/** Random buildings under random faults, every checker on (design.md 9.10). `npm run storm` runs more of them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { restoringDeeds } from '../../src/sim/deeds/restoring.ts'
import { storm } from '../../src/sim/storm.ts'

/** Enough for every deed to happen, few enough for every run of the tests; the last is a large building. */
const seeds = [...Array.from({ length: 8 }, (_, index) => index + 1), 20]

/** With several restores each. */
const restored = [11, 13, 17, 19, 25, 26]

describe('a storm', () => {
  for (const seed of seeds)
    it(`of seed ${seed} breaks no invariant, and all that was asked for comes true after it`, () => {
      const { broken, transcript } = storm(seed)
      assert.equal(broken, undefined, `${transcript.join('\n')}\nSeed ${seed}: ${broken?.message}`)
    })

  for (const seed of restored)
    it(`of seed ${seed}, in which backups of the store are brought back, leaves no host and no balancer deaf (A-32)`, () => {
      const { broken, transcript } = storm(seed, restoringDeeds)
      assert.equal(broken, undefined, `${transcript.join('\n')}\nSeed ${seed}: ${broken?.message}`)
      assert.ok(transcript.some((line) => line.includes('the backup is brought back')))
    })

  it('is the same every time', () => {
    assert.deepEqual(storm(seeds[0] ?? 0), storm(seeds[0] ?? 0))
  })
})
