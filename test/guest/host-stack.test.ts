/** A host stack as a process: what an agent that died could not remember is ended by the next one (design.md 1). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { hostStack } from '../../src/machine/guest-os/host-stack.ts'
import { isAlive } from '../../src/machine/process.ts'

const directory = mkdtempSync(join(tmpdir(), 'stack-'))
after(() => rmSync(directory, { recursive: true }))

it('a stack that nobody remembers is ended', { timeout: 10_000 }, async () => {
  const at = (name: string) => join(directory, name)
  writeFileSync(at('program.mjs'), 'setInterval(() => {}, 1000)')
  const options = {
    program: [at('program.mjs')],
    cwd: directory,
    output: at('output'),
    files: { start: at('start.json'), socket: at('b'), exit: at('exit.json') },
    owner: { key: directory },
    said() {},
  }
  const ended = Promise.withResolvers<void>()
  const started = hostStack({ ...options, ended: () => ended.resolve() }).start({})
  assert.ok(isAlive(started))
  await hostStack({ ...options, ended() {} }).clear()
  await ended.promise
  assert.ok(!isAlive(started))
})
