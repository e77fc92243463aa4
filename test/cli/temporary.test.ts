/** Commands that are ended in the middle: what they had made for themselves goes with them, or with the next command. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'

const main = bundleOf('reddog')
const example = join(import.meta.dirname, '../../examples/hello-worker')

/** Long enough to pack that a signal comes in time. */
const fileBytes = 600 * 1024 * 1024

/** A directory for the command's temporary ones, one for what it makes, and a service that takes a while to pack. */
function bench(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'temporary-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const [temporary, out, service] = ['temporary', 'out', 'service'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  for (const made of [temporary, out]) mkdirSync(made)
  cpSync(example, service, { recursive: true })
  const start = (words: readonly string[]) =>
    spawn(process.execPath, [main, ...words], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, TMPDIR: temporary },
    })
  const left = () =>
    [temporary, out].flatMap((within) => readdirSync(within)).filter((name) => name.startsWith('.reddog-'))
  return { out, service, start, left }
}

const commands = {
  pack: (service: string, out: string) => ['pack', service, '--out', join(out, 'a.cspkg')],
  'pack --overlay': (service: string, out: string) => [
    'pack',
    service,
    '--overlay',
    service,
    '--out',
    join(out, 'a.cspkg'),
  ],
  'pack --format 2012-03-15': (service: string, out: string) => [
    'pack',
    service,
    '--format',
    '2012-03-15',
    '--out',
    join(out, 'a.cspkg'),
  ],
  doctor: (service: string) => ['doctor', service],
} as const

const signals = ['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const

for (const [name, words] of Object.entries(commands))
  describe(`reddog ${name}`, () => {
    for (const signal of name === 'pack' ? signals : signals.slice(0, 2))
      it(`leaves nothing behind the next command when it is ended by ${signal}`, async (t) => {
        const { out, service, start, left } = bench(t)
        const large = join(service, 'Hello', 'large')
        writeFileSync(large, '')
        truncateSync(large, fileBytes)
        const child = start(words(service, out))
        const ended = () => child.exitCode !== null || child.signalCode !== null
        await until(() => left().length > 0, 'a temporary directory')
        // Ctrl-C ends at the second time only what it does not merely watch.
        await until(() => !child.kill(signal) || ended(), 'its end')
        if (signal === 'SIGKILL') assert.equal(left().length, 1)
        else assert.deepEqual(left(), [])
        rmSync(large)
        await once(start(words(service, out)), 'exit')
        assert.deepEqual(left(), [])
      })
  })

it('reddog pack with an overlay that is not there leaves the package of before as it was', async (t) => {
  const { out, service, start, left } = bench(t)
  const file = join(out, 'a.cspkg')
  writeFileSync(file, 'of yesterday')
  const [code] = await once(start(['pack', service, '--overlay', join(out, 'none'), '--out', file]), 'exit')
  assert.deepEqual([code, readFileSync(file, 'utf8'), left()], [1, 'of yesterday', []])
})
