/** Every transcript in test/scenarios is what the world says today. `REDDOG_RECORD=1` writes them anew. */
import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { play } from '../../src/sim/scenario.ts'

const directory = join(import.meta.dirname, '../scenarios')
const files = globSync('*.txt', { cwd: directory }).sort()

describe('scenarios', () => {
  for (const file of files)
    it(basename(file, '.txt').replaceAll('-', ' '), () => {
      const path = join(directory, file)
      const written = readFileSync(path, 'utf8')
      const played = play(written)
      if (process.env['REDDOG_RECORD'] === '1') writeFileSync(path, played)
      else assert.equal(played, written)
    })
})

describe('the index of the rules of updates', () => {
  const specification = readFileSync(join(import.meta.dirname, '../../docs/spec/fabric-behaviour.md'), 'utf8')
  const rules = [...specification.matchAll(/^\| U-(\d+) \|/gm)].map(([, number]) => Number(number))
  const shownBy = new Map(files.map((file) => [file, rulesNamed(readFileSync(join(directory, file), 'utf8'))]))

  it('names a transcript for each', () => {
    assert.ok(rules.length >= 67, `${rules.length} rules were found in the specification`)
    const shown = new Set([...shownBy.values()].flat())
    assert.deepEqual(
      rules.filter((rule) => !shown.has(rule)).map((rule) => `U-${rule}`),
      [],
    )
  })

  it('names none that the specification does not have', () => {
    const unknown = [...shownBy].flatMap(([file, named]) =>
      named.filter((rule) => !rules.includes(rule)).map((rule) => `${file}: U-${rule}`),
    )
    assert.deepEqual(unknown, [])
  })
})

/** The rules that the words for the reader name; `U-3 to U-5` names three. */
function rulesNamed(transcript: string): readonly number[] {
  const words = transcript
    .split('\n')
    .flatMap((line) => (line.startsWith('#') ? [line.slice(1).trim()] : []))
    .join(' ')
  return [...words.matchAll(/U-(\d+)(?: to U-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  )
}
