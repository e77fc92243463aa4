/** The output of a role that never stops writing. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { cutOff, cutOutput } from '../../src/machine/guest-os/bounded-output.ts'
import { until } from '../until.ts'

const limit = 1024 * 1024

it('is cut though its writer is as fast as the disk, and what is kept of it is no more than its limit (G-14)', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'output-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'output')
  const writer = spawn('yes', { stdio: ['ignore', openSync(path, 'a'), 'inherit'] })
  try {
    for (let cuts = 0; cuts < 5; cuts++) {
      await until(() => statSync(path).size > limit, 'too much')
      const before = cutOff(path).bytes
      cutOutput(path, limit)
      assert.ok(cutOff(path).bytes >= before + limit)
      assert.ok(statSync(`${path}.old`).size <= limit, `${statSync(`${path}.old`).size} bytes are kept`)
    }
  } finally {
    writer.kill('SIGKILL')
    await once(writer, 'close')
  }
})

it('is emptied on a disk that has no room to keep the end of it, which makes room', {
  skip: process.getuid?.() === 0 ? false : 'it needs root to mount a small disk',
}, (t) => {
  const disk = mkdtempSync(join(tmpdir(), 'output-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
  t.after(() => {
    execFileSync('umount', [disk])
    rmSync(disk, { recursive: true })
  })
  const path = join(disk, 'output')
  writeFileSync(path, Buffer.alloc(1.5 * limit, 'x'))
  cutOutput(path, limit)
  assert.deepEqual([statSync(path).size, cutOff(path).bytes, existsSync(`${path}.new`)], [0, 1.5 * limit, false])
})
