/** Connections without an end of their own while their instances are upgraded, as their clients see it (L-19). */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { follow, openEventStream, openWebSocket } from '../../bench/stream-clients.ts'
import { until } from '../until.ts'
import { makeHouse, root } from './house.ts'
import { startLoad } from './load.ts'

/** Who waits for the stream of a client waits for good. */
const timers = ['settleTime=300ms', 'drainLimit=1h', 'onStopLimit=1h']
const service = join(root, 'bench/stream-service')
const house = makeHouse(timers.flatMap((timer) => ['--timer', timer]))
let address: string

before(async () => {
  await house.up()
  const { stdout } = await house.reddog('deploy', service, '--service', 'streams', '--json')
  address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
})
after(() => house.dispose())

describe('an upgrade beside open streams', () => {
  const cases = [
    ['WebSocket', openWebSocket, 'closed with 1001, clean'],
    ['event stream', openEventStream, 'ended'],
  ] as const
  for (const [name, open, goodEnd] of cases)
    it(`ends each ${name} in good order, leads its client to the other instance, and loses no request`, {
      timeout: 120_000,
    }, async () => {
      const clients = await follow(() => open(address), ['Web_IN_0', 'Web_IN_1'])
      const load = startLoad(address)
      const { code, stderr } = await house.reddog('upgrade', service, '--service', 'streams')
      assert.equal(code, 0, stderr)
      await until(() => clients.every(({ ends, instances }) => instances.length > ends.length), 'all are led on')
      assert.deepEqual(await load.stop(), [])
      const ends = clients.flatMap((client) => client.ends)
      assert.deepEqual(new Set(ends), new Set([goodEnd]))
      // Domain by domain: who was at the first goes to the second, and from there back to the new first.
      assert.deepEqual(
        clients.map(({ instances }) => instances),
        [
          ['Web_IN_0', 'Web_IN_1', 'Web_IN_0'],
          ['Web_IN_1', 'Web_IN_0'],
        ],
      )
      for (const { leave } of clients) leave()
    })
})
