/** The services of `examples/`: what a newcomer deploys first has nothing that stands in its way. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { bundleOf } from '../bundle.ts'

const examples = join(import.meta.dirname, '../../examples')
const directory = mkdtempSync(join(tmpdir(), 'reddog-examples-'))
after(() => rmSync(directory, { recursive: true }))

function reddog(...words: readonly string[]) {
  return spawnSync(process.execPath, [bundleOf('reddog'), ...words], { cwd: directory, encoding: 'utf8' })
}

describe('the example', () => {
  for (const name of readdirSync(examples))
    it(`${name} can be packed, and doctor finds nothing in its way`, () => {
      const packed = reddog('pack', join(examples, name), '--out', `${name}.cspkg`)
      assert.equal(packed.status, 0, packed.stderr)
      const { findings } = JSON.parse(reddog('doctor', join(examples, name), '--json').stdout) as {
        readonly findings: readonly { readonly verdict: string; readonly reason: string }[]
      }
      const hinders = findings.filter(({ verdict }) => verdict === 'needsOverlay' || verdict === 'cannotRun')
      assert.deepEqual(hinders, [])
    })
})
