import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { readRotation } from '../../src/fabric/contract/read-rotation.ts'
import type { RotationTable } from '../../src/fabric/contract/rotation.ts'
import { balancerAgent } from '../../src/fabric/load-balancer/agent.ts'
import { endpointsInForce } from '../../src/fabric/load-balancer/in-force.ts'
import { firstState } from '../../src/fabric/load-balancer/state.ts'
import { longestTimerMs, timerDefaults, timersWith } from '../../src/kernel/timers.ts'
import { look } from '../../src/machine/load-balancer/look.ts'
import { anyPoison, placesIn, withPoison } from './poison.ts'
import { endpoint, freshVip, member, startPlane, tcpOrigin } from './rig.ts'

const probe = {
  protocol: 'http',
  address: '127.0.0.1',
  port: 9,
  path: '/health',
  intervalMs: 5_000,
  timeoutMs: 11_000,
} as const

function tableOf(vips: readonly [string, string], port: number): RotationTable {
  const [first, second] = vips.map((vip, index) =>
    endpoint({
      id: `d/Web/${index}`,
      vip,
      protocol: 'tcp',
      hostNames: ['a.localhost'],
      acl: [{ action: 'permit', remoteSubnet: '127.0.0.0/8' }],
      members: [{ ...member('d.Web_IN_0', port), isToldClient: true, probe }],
    }),
  )
  return { version: 7, endpoints: [first, second].filter((one) => one !== undefined) }
}

describe('a rotation table that is read', () => {
  it('is the table that was sent', () => {
    const table = tableOf(['127.1.1.1', '::1'], 80)
    assert.deepEqual(readRotation(JSON.parse(JSON.stringify(table))), table)
  })

  it('names an endpoint that cannot be served, and serves the others', () => {
    const table = tableOf(['127.1.1.1', '127.1.1.2'], 80)
    const place = ['endpoints', '0', 'members', '0', 'probe', 'intervalMs']
    const read = readRotation(withPoison(table, place, 99_999_999_999_000))
    assert.deepEqual(read?.endpoints, table.endpoints.slice(1))
    assert.deepEqual(read?.unreadable, {
      'd/Web/0':
        'The endpoint cannot be served: members its number 0: probe intervalMs is no whole number from 0 to 2073600000.',
    })
    assert.deepEqual(readRotation(read), read, 'the saved copy says the same')
  })

  it('is nothing without a version or endpoints', () => {
    for (const given of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { version: 1 },
      { version: -1, endpoints: [] },
      { version: '1', endpoints: [] },
    ])
      assert.equal(readRotation(given), undefined)
  })

  it('never brings the balancer down, whatever stands in one endpoint, and the other is served', async (t) => {
    const { plane } = startPlane(t)
    const port = await tcpOrigin(t, (socket) => socket.end('served'))
    const table = tableOf([freshVip(), freshVip()], port)
    const places = placesIn({ endpoints: [table.endpoints[0]] })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), anyPoison, async (place, poison) => {
        const read = readRotation(withPoison(table, place, poison))
        if (place.length === 1) return
        assert.ok(read)
        assert.deepEqual(read.endpoints.at(-1), table.endpoints[1])
        const { state } = balancerAgent.receive(firstState('b', 1_000), { kind: 'table', table: read }, 0)
        for (const [key, { probe: asked }] of state.probes) {
          balancerAgent.decide(state, `probe ${key}`, 0)
          assert.notEqual((await look(asked, Math.min(asked.intervalMs, asked.timeoutMs, 20))).verdict, undefined)
        }
        const { failed } = await plane.serve(endpointsInForce(read, state.probes, 0))
        assert.equal(failed['d/Web/1'], undefined)
      }),
      { numRuns: 300, examples: [[['endpoints', '0', 'members', '0', 'probe', 'path'], '/a b']] },
    )
  })
})

it('no timer can be longer than Node waits, and none is called like what every object has', () => {
  assert.ok(
    Object.values(timerDefaults)
      .flat()
      .every((ms) => ms <= longestTimerMs),
  )
  assert.equal(timersWith(['lbIdleTimeout=576h']).lbIdleTimeout, longestTimerMs)
  assert.throws(() => timersWith(['lbIdleTimeout=577h']), /more than 24 days/)
  assert.throws(() => timersWith(['constructor=1s']), /no timer is called "constructor"/)
})
