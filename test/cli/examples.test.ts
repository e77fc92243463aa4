/** The services of `examples/`: what a newcomer deploys first has nothing that stands in its way. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { bundleOf } from '../bundle.ts'

const root = join(import.meta.dirname, '../..')
const examples = join(root, 'examples')
const directory = mkdtempSync(join(tmpdir(), 'reddog-examples-'))
symlinkSync(join(root, 'src'), join(directory, 'src'))
const canCompile = spawnSync('mcs', ['--version']).status === 0
after(() => rmSync(directory, { recursive: true }))

function reddog(...words: readonly string[]) {
  return spawnSync(process.execPath, [bundleOf('reddog'), ...words], { cwd: directory, encoding: 'utf8' })
}

describe('the example', () => {
  for (const name of readdirSync(examples)) {
    const isCompiled = existsSync(join(examples, name, 'build.sh'))
    const skip = isCompiled && !canCompile ? 'takes mono-mcs, to compile it' : false
    it(`${name} can be packed, and doctor finds nothing in its way`, { skip }, () => {
      const example = join(directory, 'examples', name)
      cpSync(join(examples, name), example, { recursive: true })
      if (isCompiled) assert.equal(spawnSync('sh', ['build.sh'], { cwd: example }).status, 0)
      const packed = reddog('pack', example, '--out', `${name}.cspkg`)
      assert.equal(packed.status, 0, packed.stderr)
      const { findings } = JSON.parse(reddog('doctor', example, '--json').stdout) as {
        readonly findings: readonly { readonly verdict: string; readonly reason: string }[]
      }
      const hinders = findings.filter(({ verdict }) => verdict === 'needsOverlay' || verdict === 'cannotRun')
      assert.deepEqual(hinders, [])
    })
  }
})
