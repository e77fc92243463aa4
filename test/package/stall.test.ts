/** A reading process that gets nowhere is given up; one that works on is not, however long it takes. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { watchProgress } from '../../src/machine/package/watch-progress.ts'

const stallMs = 1_000

describe('the watch over a reading process', () => {
  it('ends one that is stuck, which a stopped process is to the last', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
    await once(child, 'spawn')
    child.kill('SIGSTOP')
    const watch = watchProgress(child, stallMs)
    const [, signal] = await once(child, 'exit')
    watch.stop()
    assert.equal(signal, 'SIGKILL')
  })

  it('leaves alone one that works on for twice as long', async () => {
    const work = `const end = process.cpuUsage().user + ${stallMs * 2_000}; while (process.cpuUsage().user < end);`
    const child = spawn(process.execPath, ['-e', work], { stdio: 'ignore' })
    const watch = watchProgress(child, stallMs)
    const [code, signal] = await once(child, 'exit')
    watch.stop()
    assert.deepEqual([code, signal], [0, null])
  })
})
