import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { ProbeOutcome } from '../../src/fabric/contract/data-plane.ts'
import { look } from '../../src/machine/load-balancer/look.ts'
import { until } from '../until.ts'
import { closedPort, tcpOrigin } from './rig.ts'

/** Far more than a test may take: what has an outcome in time has it without this limit. */
const limitMs = 600_000

/** What a probe makes of a member that does this to its connection, and that connection. */
async function lookAt(
  t: TestContext,
  answer: (socket: Socket) => unknown,
  withinMs = limitMs,
): Promise<{ readonly outcome: ProbeOutcome; readonly socket: Socket }> {
  let socket: Socket | undefined
  const port = await tcpOrigin(t, (accepted) => {
    socket = accepted
    accepted.once('data', () => answer(accepted))
  })
  const probe = {
    protocol: 'http',
    address: '127.0.0.1',
    port,
    path: '/',
    intervalMs: 5_000,
    timeoutMs: 11_000,
  } as const
  let outcome: ProbeOutcome | undefined
  void look(probe, withinMs).then((found) => (outcome = found))
  await until(() => outcome !== undefined, 'an outcome')
  assert.ok(outcome && socket)
  return { outcome, socket }
}

describe('an http probe (L-3, L-4)', () => {
  it('finds 200 good, and anything else bad, a switch of protocols included', async (t) => {
    for (const [status, expected] of [
      ['200 OK', { verdict: 'good' }],
      ['503 Service Unavailable', { verdict: 'bad', saw: 'HTTP 503' }],
      ['101 Switching Protocols', { verdict: 'bad', saw: 'HTTP 101' }],
    ] as const) {
      const { outcome, socket } = await lookAt(t, (accepted) =>
        accepted.write(`HTTP/1.1 ${status}\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n`),
      )
      assert.deepEqual(outcome, expected)
      await until(() => socket.readableEnded || socket.destroyed, 'the end of the connection')
    }
  })

  it('has its outcome with the head: neither a body that is huge nor one that never ends holds it', async (t) => {
    const piece = 'x'.repeat(1024 * 1024)
    for (const length of [1024 * 1024 * 1024, 2]) {
      const { outcome, socket } = await lookAt(t, (accepted) => {
        accepted.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nx`)
        if (length > 2) accepted.write(piece)
      })
      assert.deepEqual(outcome, { verdict: 'good' })
      await until(() => socket.readableEnded || socket.destroyed, 'the end of the connection')
    }
  })

  it('finds silence where no answer comes: the connection ends, interim answers never do, or the port refuses', async (t) => {
    const ended = await lookAt(t, (accepted) => accepted.end())
    assert.deepEqual(ended.outcome, { verdict: 'silent', saw: 'socket hang up' })
    const interim = await lookAt(
      t,
      (accepted) => {
        const more = setInterval(() => accepted.write('HTTP/1.1 102 Processing\r\n\r\n'), 20)
        accepted.once('close', () => clearInterval(more))
      },
      200,
    )
    assert.deepEqual(interim.outcome, { verdict: 'silent', saw: 'no answer within 200 ms' })
    const probe = { protocol: 'http', address: '127.0.0.1', intervalMs: 5_000, timeoutMs: 11_000 } as const
    const refused = await look({ ...probe, port: await closedPort() }, limitMs)
    assert.deepEqual(refused, { verdict: 'silent', saw: 'the port refuses connections' })
  })
})
