/** The output of a role that never stops writing. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
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
