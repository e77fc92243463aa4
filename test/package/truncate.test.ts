import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Result } from '../../src/kernel/fault.ts'
import type { ReadPackage } from '../../src/machine/package/read.ts'
import { readHere } from './desk.ts'
import { flatPackage, legacyPackage } from './hand-made.ts'

const packages = { legacy: legacyPackage(), '2012-03-15': flatPackage() }

const notOne = /^Not a service package: it is (?:empty|no ZIP file)\./
const damaged =
  /^The service package is damaged: the file is cut off, or has bytes behind its end\. Build or upload it again\.$/

/** Of yauzl, zlib, saxes and Node: none of them may stand in a sentence for a person. */
const librarysWords =
  /[Cc]entral directory|signature|EOF|stream|[Bb]uffer|[Zz]ip64|local (?:file )?header|\b[Ii]nvalid\b|ERR_|\bE[A-Z]{4,}\b|unexpected|undefined|distance|header check|<anonymous>|\d+:\d+:/

describe('a damaged service package', () => {
  for (const [kind, whole] of Object.entries(packages)) {
    it(`is refused wherever it was cut off (${kind})`, async () => {
      for (let length = 0; length < whole.length; length += 37) {
        const message = await readHere(whole.subarray(0, length), messageOf)
        assert.match(message, length < 2 ? notOne : damaged, `${length} bytes`)
        assert.doesNotMatch(message, librarysWords, `${length} bytes`)
      }
    })

    it(`is refused, or reads as if it were whole, whichever byte changed (${kind})`, async () => {
      const expected = await readHere(whole, (result) => modelText(result))
      const property = fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (offset, flip) => {
          const changed = Buffer.from(whole)
          changed[offset] = (changed[offset] as number) ^ flip
          const found = await readHere(changed, (result) => {
            assert.doesNotMatch(messageOf(result), librarysWords, `byte ${offset} ^ ${flip}`)
            return result.ok ? modelText(result) : result.fault.code
          })
          // The outermost names and times of a ZIP are vouched for by nothing; what they name is.
          assert.ok(found === expected || found === 'BadRequest', `byte ${offset} ^ ${flip}: ${found}`)
        },
      )
      await fc.assert(property, { numRuns: 300 })
    })
  }
})

function messageOf(result: Result<ReadPackage>): string {
  return result.ok ? 'accepted' : result.fault.message
}

function modelText(result: Result<ReadPackage>): string {
  assert.ok(result.ok)
  return JSON.stringify(result.value.model)
}
