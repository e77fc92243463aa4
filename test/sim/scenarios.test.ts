/** Every transcript in test/scenarios is what the world says today. `REDDOG_RECORD=1` writes them anew. */
import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { play } from '../../src/sim/scenario.ts'

const directory = join(import.meta.dirname, '../scenarios')

describe('scenarios', () => {
  for (const file of globSync('*.txt', { cwd: directory }).sort())
    it(basename(file, '.txt').replaceAll('-', ' '), () => {
      const path = join(directory, file)
      const written = readFileSync(path, 'utf8')
      const played = play(written)
      if (process.env['REDDOG_RECORD'] === '1') writeFileSync(path, played)
      else assert.equal(played, written)
    })
})
