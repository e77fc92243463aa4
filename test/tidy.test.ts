/** The house checks itself: the rules of docs/design.md 3, on the code of every source file, and each rule on what it must refuse. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { breaches } from './tidy/breaches.ts'
import { unknownRules } from './tidy/citations.ts'
import { cycles, reachesOfNode, trespasses } from './tidy/floors.ts'
import { longFunctions } from './tidy/functions.ts'
import { type House, houseOf, sources } from './tidy/house.ts'
import { secondDurations, vagueNames } from './tidy/names.ts'
import { impurities } from './tidy/purity.ts'

const rules: Readonly<Record<string, (house: House) => readonly string[]>> = {
  'keeps its floors: a file knows its own, and the contract of the next one below': trespasses,
  'keeps Node out of everything but main.ts files, the machine, the client and the role': reachesOfNode,
  'keeps all that an agent reaches pure: no clock, no chance, no Node, nothing asynchronous, nothing kept': impurities,
  'has no import cycles': cycles,
  'names files and folders for what they hold, and exports by name': vagueNames,
  'says each duration once, in the timer table': secondDurations,
  'has functions that fit a screen': longFunctions,
}

const texts = sources()
const house = houseOf(texts)

describe('the house', () => {
  for (const [promise, faultsIn] of Object.entries(rules)) it(promise, () => assert.deepEqual(faultsIn(house), []))

  it('carries its specification: every rule that a source or test cites exists in docs/spec', () => {
    const root = join(import.meta.dirname, '..')
    const read = (pattern: string) =>
      globSync(pattern, { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
    const cites = [...texts.values(), ...read('test/**/*.ts')]
    assert.deepEqual(unknownRules(cites, read('docs/spec/*.md').join('\n')), [])
  })
})

describe('a breach of the house', () => {
  for (const { what, file, text } of breaches)
    it(`is refused: ${what}, in ${file}`, () => {
      const breached = houseOf(new Map(texts).set(file, `${texts.get(file) ?? ''}\n${text}\n`), house)
      const found = Object.values(rules).flatMap((faultsIn) => faultsIn(breached))
      assert.ok(found.length > 0, 'no rule has seen it')
    })
})
