/**
 * From 2 instances to 20 and back, from the accepted request until every instance is Ready, or gone: `node bench/scale.ts`.
 * The settle time is 0, so that the walk which tells the others does not wait for it.
 */
import { startFabric } from './fabric.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const service = 'scale'
const [few, many] = [2, 20]

const fabric = await startFabric('--hosts', '2', '--cores', '16', '--timer', 'settleTime=0')
try {
  const { directory } = makeVersion(fabric.dataDirectory, '1', { instances: few })
  await fabric.run('deploy', directory, '--service', service)
  console.log('')
  for (const [from, to] of [
    [few, many],
    [many, few],
  ] as const) {
    const { ms, exitCode, notes } = await fabric.timed('scale', `Web=${to}`, '--service', service)
    if (exitCode !== 0) throw new Error(notes)
    console.log(`${from} to ${to} instances: ${(ms / 1_000).toFixed(1)} s`)
  }
} finally {
  await fabric.end()
}
