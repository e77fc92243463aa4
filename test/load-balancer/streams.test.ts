import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import type { RotationMember } from '../../src/fabric/contract/rotation.ts'
import { bodyProgress, cutBody, takeBody } from '../../src/machine/load-balancer/proxy/http/body.ts'
import { frameProgress, isBetweenFrames, takeFrames } from '../../src/machine/load-balancer/proxy/http/frames.ts'
import { until } from '../until.ts'
import { dial, endpoint, freshVip, member, origin, planes, startPlane } from './rig.ts'

const port = 18_080
const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n'
const closeFrame = Buffer.from([0x88, 0x80, 0, 0, 0, 0])
/** Status 1001 in a close frame of the server. */
const goingAway = new RegExp(String.raw`\x88[^]\u0003\xe9`)

interface Role {
  readonly port: number
  /** Answers that are open: of `/events`, of `/slow`, and of `/late`, which has said nothing yet. */
  readonly open: ServerResponse[]
  /** Connections that have switched, and what came over each. */
  readonly switched: { readonly socket: Duplex; came: Buffer }[]
}

/** Speaks http, event streams, and WebSocket: it says its name first, and answers a close frame as RFC 6455 wants. */
async function role(t: TestContext, name: string): Promise<Role> {
  const open: ServerResponse[] = []
  const switched: Role['switched'] = []
  const { port: at, server } = await origin(t, (request, answer) => {
    if (request.url === '/name') return answer.end(`from ${name}`)
    open.push(answer)
    if (request.url === '/late') return undefined
    if (request.url === '/events') answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    return answer.write(`data: ${name}\n\n`)
  })
  server.on('upgrade', (request, socket) => {
    const one = { socket, came: Buffer.alloc(0) }
    switched.push(one)
    t.after(() => socket.destroy())
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    socket.on('data', (bytes: Buffer) => {
      one.came = Buffer.concat([one.came, bytes])
      if (((bytes[0] ?? 0) & 0x0f) === 8) socket.end(Buffer.from([0x88, 0]))
    })
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const head = [
      'HTTP/1.1 101 Switching Protocols',
      `Upgrade: ${request.headers.upgrade}`,
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    if (request.headers.upgrade === 'websocket') socket.write(frame(name))
  })
  return { port: at, open, switched }
}

function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)])
}

const graceMs = 50

async function served(t: TestContext, startPlane: (typeof planes)[number]['startPlane'], limits = {}) {
  const vip = freshVip()
  const { plane, idle } = startPlane(t, { streamGraceMs: graceMs, ...limits })
  const [a, b] = [await role(t, 'a'), await role(t, 'b')]
  /** Puts the two roles in these states. */
  const serve = (ofA: RotationMember['state'], ofB: RotationMember['state']) =>
    plane.serve([endpoint({ vip, members: [member('d.a', a.port, ofA), member('d.b', b.port, ofB)] })])
  await serve('in', 'out')
  return { vip, plane, idle, a, b, serve }
}

/** A WebSocket of Node's own client, after the first message of its role. */
async function openWebSocket(t: TestContext, vip: string) {
  const socket = new WebSocket(`ws://${vip}:${port}/`)
  t.after(() => socket.close())
  const [{ data }] = (await once(socket, 'message')) as [MessageEvent]
  return { socket, name: data as string, closed: once(socket, 'close') as Promise<[CloseEvent]> }
}

for (const { how, startPlane } of planes)
  describe(`an instance that drains, plane ${how} (L-19)`, () => {
    it('says goodbye to its WebSockets after the grace, in an orderly way on both sides', async (t) => {
      const { vip, idle, a, serve } = await served(t, startPlane)
      const { name, closed } = await openWebSocket(t, vip)
      assert.equal(name, 'a')
      assert.deepEqual((await serve('draining', 'in')).busy, ['d.a'])
      const [{ code, wasClean, reason }] = await closed
      assert.deepEqual([code, wasClean, reason], [1001, true, 'the instance is stopping, connect again'])
      assert.deepEqual(idle, ['d.a'])
      await until(() => a.switched[0]?.socket.destroyed === true, 'the role to see the end')
      assert.equal((await openWebSocket(t, vip)).name, 'b')
    })

    it('ends its event streams so that the next request of the connection is served elsewhere', async (t) => {
      const { vip, idle, a, serve } = await served(t, startPlane)
      const wire = await dial(t, vip)
      wire.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see('data: a')
      await serve('draining', 'in')
      await wire.see('\r\n0\r\n\r\n')
      assert.deepEqual(idle, ['d.a'])
      assert.ok(a.open[0]?.closed || (await once(a.open[0] as ServerResponse, 'close')))
      wire.socket.write('GET /name HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see('from b')
    })

    it('ends an event stream of HTTP/1.0, whose end is that of its connection', async (t) => {
      const { vip, serve } = await served(t, startPlane)
      const wire = await dial(t, vip)
      wire.socket.write('GET /events HTTP/1.0\r\n\r\n')
      await wire.see('data: a')
      await serve('draining', 'in')
      assert.equal(await wire.closed, 'end')
    })

    it('gives every other answer its time, and is idle only then', async (t) => {
      const { vip, idle, a, serve } = await served(t, startPlane)
      const answer = await dial(t, vip)
      answer.socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
      await answer.see('data: a')
      const { closed } = await openWebSocket(t, vip)
      await serve('draining', 'in')
      await closed
      assert.deepEqual(idle, [])
      a.open[0]?.end('the rest')
      await answer.see('the rest\r\n0\r\n\r\n')
      await until(() => idle.length > 0, 'the instance to be idle')
      assert.deepEqual(idle, ['d.a'])
    })

    it('ends what becomes a stream only while it drains', async (t) => {
      const { vip, a, serve } = await served(t, startPlane)
      const first = await openWebSocket(t, vip)
      const late = await dial(t, vip)
      late.socket.write('GET /late HTTP/1.1\r\nHost: a\r\n\r\n')
      await until(() => a.open.length > 0, 'the request')
      await serve('draining', 'in')
      await first.closed
      a.open[0]?.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: late\n\n')
      await late.see('data: late\n\n\r\n0\r\n\r\n')
    })

    it('that stays after all keeps its streams', async (t) => {
      const { vip, a, serve } = await served(t, startPlane)
      const stays = await dial(t, vip)
      stays.socket.write(upgrade)
      await stays.see('a')
      await serve('draining', 'in')
      await serve('in', 'in')
      // Whoever drains from now on is told later than it would have been.
      const other = await served(t, startPlane)
      const witness = await openWebSocket(t, other.vip)
      await other.serve('draining', 'out')
      await witness.closed
      a.switched[0]?.socket.write(frame('still here'))
      await stays.see('still here')
      assert.doesNotMatch(stays.text(), goingAway)
    })

    it('passes the frame in flight on before it says goodbye, and nothing after', async (t) => {
      const { vip, a, idle, serve } = await served(t, startPlane)
      const wire = await dial(t, vip)
      wire.socket.write(upgrade)
      await wire.see('\x81\x01a')
      const long = frame('a long message')
      a.switched[0]?.socket.write(long.subarray(0, 5))
      await wire.see('a l')
      await serve('draining', 'in')
      await until(() => idle.length > 0, 'the grace to end')
      assert.doesNotMatch(wire.text(), goingAway)
      a.switched[0]?.socket.write(Buffer.concat([long.subarray(5), frame('too late')]))
      await until(() => goingAway.test(wire.text()), 'the close frame')
      assert.match(wire.text(), /a long message\x88/)
      wire.socket.write(closeFrame)
      await until(() => a.switched[0]?.came.equals(closeFrame) === true, 'the role to hear the answer')
      assert.equal(await wire.closed, 'end')
      assert.doesNotMatch(wire.text(), /too late/)
    })

    it('does not wait for a client or an instance that does not answer', async (t) => {
      const { vip, a, serve } = await served(t, startPlane, { lingerMs: 50 })
      const silent = await dial(t, vip)
      silent.socket.write(upgrade)
      await silent.see('\x81\x01a')
      const stuck = await dial(t, vip)
      stuck.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
      await stuck.see('data: a')
      a.open[0]?.socket?.write('ff\r\nno more')
      await stuck.see('no more')
      await serve('draining', 'in')
      assert.equal(await silent.closed, 'end')
      assert.match(silent.text(), goingAway)
      assert.equal(await stuck.closed, 'ECONNRESET')
      await until(() => a.switched[0]?.socket.destroyed === true, 'the role to be free')
    })

    it('ends what speaks another protocol, in both directions', async (t) => {
      const { vip, a, serve } = await served(t, startPlane)
      const wire = await dial(t, vip)
      wire.socket.write(upgrade.replace('websocket', 'echo'))
      await wire.see('Upgrade: echo')
      await serve('draining', 'in')
      assert.equal(await wire.closed, 'end')
      assert.doesNotMatch(wire.text(), goingAway)
      await until(() => a.switched[0]?.socket.destroyed === true, 'the role to see the end')
    })
  })

// Alone: of two processes one may tell its streams later than the other, and no client sees which stream has been told.
it('a plane ends a chunk that is in flight before it ends an event stream', async (t) => {
  // Who looks for the end of a chunk gives up after a while, and on a busy machine the other stream may be told later than that.
  const { vip, a, serve } = await served(t, startPlane, { lingerMs: 60_000 })
  const wire = await dial(t, vip)
  wire.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  await wire.see('data: a')
  const raw = a.open[0]?.socket as Socket
  raw.write('a\r\ndata:')
  await wire.see('a\r\ndata:')
  const other = await openWebSocket(t, vip)
  await serve('draining', 'in')
  await other.closed
  raw.write(' bcd\n\r\n5\r\ntrash\r\n')
  await wire.see('data: bcd\n\r\n0\r\n\r\n')
  assert.doesNotMatch(wire.text(), /trash/)
})

for (const { how, startPlane } of planes)
  it(`a plane ${how} that stops says goodbye to all streams`, async (t) => {
    const { vip, plane } = await served(t, startPlane)
    const { closed } = await openWebSocket(t, vip)
    const wire = await dial(t, vip)
    wire.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
    await wire.see('data: a')
    const stopped = plane.stop(60_000, 'answered')
    const [{ code }] = await closed
    assert.equal(code, 1001)
    await wire.see('\r\n0\r\n\r\n')
    assert.equal(await wire.closed, 'end')
    await stopped
  })

describe('frames of a WebSocket (RFC 6455, 5.2)', () => {
  const anyFrame = fc
    .record({
      opcode: fc.constantFrom(0, 1, 2, 9, 10),
      masked: fc.boolean(),
      length: fc.oneof(fc.nat(130), fc.constantFrom(0, 125, 126, 65_535, 65_536, 70_000)),
    })
    .map(({ opcode, masked, length }) => {
      const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
      const head = Buffer.alloc(2 + extended + (masked ? 4 : 0))
      head[0] = 0x80 | opcode
      head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127)
      if (extended === 2) head.writeUInt16BE(length, 2)
      if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2)
      return Buffer.concat([head, Buffer.alloc(length, 0x88)])
    })

  it('end where they end, however they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat(40_000)),
        (list, cuts) => {
          const bytes = Buffer.concat(list)
          const ends = list.map((_, index) => Buffer.concat(list.slice(0, index + 1)).length)
          const frames = frameProgress()
          const found: number[] = []
          for (let at = 0; at < bytes.length; ) {
            const piece = bytes.subarray(at, at + 1 + (cuts.next().value ?? 0))
            let taken = 0
            while (taken < piece.length) {
              taken += takeFrames(frames, piece.subarray(taken), true)
              if (isBetweenFrames(frames)) found.push(at + taken)
            }
            at += piece.length
          }
          assert.deepEqual(found, ends)
          assert.equal(frames.closes, false)
        },
      ),
      { numRuns: 200 },
    )
  })
})

it('a chunked body that is cut ends with the chunk in flight, wherever it is cut and however it arrives', () => {
  const anyChunk = fc.string({ minLength: 1, maxLength: 20 }).map((text) => {
    const data = Buffer.from(text)
    return `${data.length.toString(16)}${text.length % 2 ? ';x=1' : ''}\r\n${data.toString('latin1')}\r\n`
  })
  fc.assert(
    fc.property(fc.array(anyChunk, { maxLength: 5 }), fc.nat(200), fc.nat(200), (chunks, cut, piece) => {
      const last = '0\r\nTrailer: x\r\n\r\n'
      const bytes = Buffer.from(chunks.join('') + last, 'latin1')
      const cutAt = Math.min(cut, bytes.length)
      const ends = [0, ...chunks.map((_, index) => chunks.slice(0, index + 1).join('').length)]
      const body = bodyProgress('chunked')
      assert.equal(takeBody(body, bytes.subarray(0, cutAt), 0), cutAt)
      cutBody(body)
      let at = cutAt
      while (!body.done && at < bytes.length) at += takeBody(body, bytes.subarray(at, at + 1 + piece), 0)
      const cutEnd = ends.find((end) => end >= cutAt)
      assert.deepEqual([at, body.done], [cutEnd ?? bytes.length, true])
      assert.equal(body.isCut, cutEnd !== undefined, 'a last chunk of its own is not given a second one')
    }),
  )
})
