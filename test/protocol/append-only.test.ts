import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openAppendOnly } from '../../src/machine/append-only.ts'

describe('the audit log', () => {
  let directory: string
  let file: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'reddog-test-audit-'))
    file = join(directory, 'audit.log')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  /** The numbers that were written, the oldest first. */
  function written(names: readonly string[]): readonly number[] {
    return names.flatMap((name) =>
      readFileSync(join(directory, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { readonly n: number }).n),
    )
  }

  it('goes on in a new file when one is full: every line is there, whole, once and in its order', () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    const append = openAppendOnly(file, { fileBytes: 100, oldFiles: 9 })
    for (const n of numbers.slice(0, 25)) append({ n })
    // A process that comes after another goes on where it was.
    const later = openAppendOnly(file, { fileBytes: 100, oldFiles: 9 })
    for (const n of numbers.slice(25)) later({ n })
    const names = ['audit.log.3', 'audit.log.2', 'audit.log.1', 'audit.log']
    assert.deepEqual(readdirSync(directory).sort(), names.toReversed())
    assert.deepEqual(written(names), numbers)
    for (const name of names) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
  })

  it('keeps so many old files and no more: the newest lines', () => {
    const append = openAppendOnly(file, { fileBytes: 1, oldFiles: 2 })
    for (let n = 0; n < 10; n += 1) append({ n })
    assert.deepEqual(readdirSync(directory).sort(), ['audit.log', 'audit.log.1', 'audit.log.2'])
    assert.deepEqual(written(['audit.log.2', 'audit.log.1', 'audit.log']), [7, 8, 9])
  })

  it('loses nothing to a writer that has not ended yet when the next one rotates', () => {
    const before = openAppendOnly(file, { fileBytes: 1000, oldFiles: 2 })
    before({ n: 0 })
    const after = openAppendOnly(file, { fileBytes: 1, oldFiles: 2 })
    after({ n: 2 })
    before({ n: 1 })
    assert.deepEqual(written(['audit.log.1', 'audit.log']), [0, 1, 2])
  })

  it('grows on where no other file can be had', () => {
    mkdirSync(`${file}.1`)
    const append = openAppendOnly(file, { fileBytes: 1, oldFiles: 1 })
    for (let n = 0; n < 5; n += 1) append({ n })
    assert.deepEqual(written(['audit.log']), [0, 1, 2, 3, 4])
  })
})
