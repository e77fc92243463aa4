/** A w3wp that the listener has started, and what is left of it. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { it } from 'node:test'
import { startWorkerProcess } from '../../../src/machine/guest-os/worker-process.ts'
import { baseApplicationHost } from '../../../src/service-model/application-host/write-application-host.ts'
import { bundleOf } from '../../bundle.ts'
import { until } from '../../until.ts'

it('leaves no socket and no directory of sockets when it is killed', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'worker-process-'))
  test.after(() => rmSync(directory, { recursive: true }))
  const [run, configuration] = [join(directory, 'run'), join(directory, 'applicationHost.config')]
  mkdirSync(run)
  writeFileSync(configuration, baseApplicationHost())
  let isListening = false
  let end = ''
  const worker = startWorkerProcess({
    programs: dirname(bundleOf('w3wp')),
    pool: 'pool',
    socketPath: join(run, 'p1'),
    configuration,
    cwd: directory,
    env: {},
    output: join(directory, 'output'),
    listening: () => (isListening = true),
    ended: (exit) => (end = exit),
  })
  test.after(() => worker.kill())
  await until(() => isListening, 'it listens')
  assert.equal(readdirSync(run).length, 3)
  worker.kill()
  await until(() => end !== '', 'its end is heard')
  assert.match(end, /SIGKILL/)
  assert.deepEqual(readdirSync(run), [])
})
