/** The release tarball, installed as a user does, and what machines of other releases are told. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { contractVersion, storeSchema, version } from '../../src/kernel/version.ts'
import { contractRefusal } from '../../src/machine/http/contract-header.ts'
import { root } from './house.ts'

// npm and the compiler would keep what they have compiled in the temporary directory.
process.env['NODE_DISABLE_COMPILE_CACHE'] = '1'
const run = promisify(execFile)

describe('the release tarball', () => {
  const prefix = mkdtempSync(join(tmpdir(), 'reddog-installed-'))
  const data = join(prefix, 'data')
  const reddog = (...words: readonly string[]) => run(join(prefix, 'bin/reddog'), [...words])
  after(async () => {
    await reddog('down', '--data', data).catch(() => {})
    rmSync(prefix, { recursive: true, force: true })
  })

  it('is taken by npm install -g, with its own Node, and runs a service', async () => {
    const made = await run(process.execPath, [join(root, 'tools/release.ts'), prefix])
    const tarball = made.stdout.trim().split('\n').at(-1) as string
    await run('npm', ['install', '-g', '--prefix', prefix, '--no-audit', '--no-fund', '--ignore-scripts', tarball])
    const said = JSON.parse((await reddog('version', '--json')).stdout) as Readonly<Record<string, unknown>>
    assert.deepEqual(
      { ...said, node: String(said['node']).split('.')[0] },
      { version, contract: contractVersion, storeSchema, node: '24' },
    )
    const up = execFile(join(prefix, 'bin/reddog'), ['up', '--data', data, '--port', '0', '--json'])
    const ended = new Promise((resolve) => up.once('exit', resolve))
    try {
      await new Promise((resolve, reject) => {
        up.stdout?.once('data', resolve)
        void ended.then(() => reject(new Error('up has ended')))
      })
      const hello = join(prefix, 'lib/node_modules/reddog/examples/hello-worker')
      const { stdout } = await reddog('deploy', hello, '--service', 'hello', '--data', data, '--json')
      assert.match(stdout, /"addresses":\["http:/)
    } finally {
      up.kill('SIGTERM')
      await ended
    }
  })
})

describe('the version', () => {
  it('is that of package.json', () => {
    const { version: packaged } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly version: string
    }
    assert.equal(version, packaged)
  })

  it('of the contract may differ by one between machines, in both directions, and by no more', () => {
    for (const [theirs, ours] of [
      ['3', 2],
      ['1', 2],
      ['2', 2],
      [undefined, 1],
    ] as const)
      assert.equal(contractRefusal(theirs, ours), undefined)
    assert.match(contractRefusal('4', 2) ?? '', /Upgrade the machine of this part first/)
    assert.match(contractRefusal(undefined, 2) ?? '', /Upgrade the machine of the caller first/)
    for (const junk of ['', 'x', '-1', '1e99', '2.5']) assert.ok(contractRefusal(junk, 2), junk)
  })
})
