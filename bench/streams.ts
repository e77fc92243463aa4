/**
 * What open streams cost an in-place upgrade: two instances in two domains, none, a WebSocket each, an event stream each:
 *
 *   node bench/streams.ts [rounds, 3]
 *
 * The settle time is 1 s; the role stops when its last connection has ended. Times are of the upgrade as the command line sees it.
 */
import { join } from 'node:path'
import { startFabric } from './fabric.ts'
import { addressesOf } from './load.ts'
import { median } from './statistics.ts'
import { follow, openEventStream, openWebSocket, type StreamClient } from './stream-clients.ts'

const service = join(import.meta.dirname, 'stream-service')
const instances = ['Web_IN_0', 'Web_IN_1']
const rounds = Number(process.argv[2] ?? 3)

const fabric = await startFabric('--timer', 'settleTime=1s')
try {
  const [address = ''] = addressesOf(await fabric.run('deploy', service, '--service', 'streams', '--json'))
  await measure('no stream', async () => [])
  await measure('a WebSocket each', () => follow(() => openWebSocket(address), instances))
  await measure('an event stream each', () => follow(() => openEventStream(address), instances))
} finally {
  await fabric.end()
}

async function measure(name: string, open: () => Promise<readonly StreamClient[]>): Promise<void> {
  const times: number[] = []
  const ends: string[] = []
  for (let round = 0; round < rounds; round++) {
    const clients = await open()
    const { ms, exitCode, notes } = await fabric.timed('upgrade', service, '--service', 'streams')
    if (exitCode !== 0) throw new Error(`the upgrade ended with ${exitCode}:\n${notes}`)
    times.push(ms)
    for (const client of clients) {
      ends.push(...client.ends)
      client.leave()
    }
  }
  const counts = [...Map.groupBy(ends, (end) => end)].map(([end, all]) => `${all.length} ${end}`)
  console.log(
    `${name.padEnd(22)}${(median(times) / 1_000).toFixed(1)} s, at most ${(Math.max(...times) / 1_000).toFixed(1)} s   ${counts.join('; ')}`,
  )
}
