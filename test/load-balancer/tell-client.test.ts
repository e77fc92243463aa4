/** A site's listener hears who the client is, and nobody but the balancer can say so (I-36, L-24). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { RotationMember } from '../../src/fabric/contract/rotation.ts'
import { proxyLine, withClient } from '../../src/machine/load-balancer/proxy/tell-client.ts'
import { closedPort, dial, endpoint, freshVip, member, origin, planes, tcpOrigin, type Wire } from './rig.ts'

const port = 18_080

function told(instance: string, at: number): RotationMember {
  return { ...member(instance, at), isToldClient: true }
}

/** What a client says of itself. */
function portOf({ socket }: Wire): number | undefined {
  return socket.localPort
}

/** An http server that answers with all values of the field, in the order in which they came, and the port of the connection they came by. */
async function site(t: TestContext) {
  const cameBy = new Set<number | undefined>()
  const { port: at, server } = await origin(t, (asked, answer) => {
    cameBy.add(asked.socket.remotePort)
    const values = asked.rawHeaders.filter((_, index, all) => /^x-reddog-client$/i.test(all[index - 1] ?? ''))
    answer.end(`told ${JSON.stringify(values)}`)
  })
  server.on('upgrade', (asked, socket) => {
    socket.on('error', () => {})
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\ntold ${JSON.stringify(asked.headersDistinct['x-reddog-client'])}`,
    )
  })
  return { at, cameBy }
}

/** A tcp server that answers with what has come once a line has ended. */
function echo(t: TestContext): Promise<number> {
  return tcpOrigin(t, (socket) => {
    let came = ''
    socket.on('data', (bytes) => {
      came += bytes.toString('latin1')
      if (came.includes('bye')) socket.end(`came ${JSON.stringify(came)}`)
    })
  })
}

const forged = 'X-Reddog-Client: 1.1.1.1 1\r\nx-reddog-CLIENT:2.2.2.2 2\r\nAccept-Language: de\r\nX-REDDOG-CLIENT: \r\n'

for (const { how, startPlane } of planes)
  describe(`who the client is, plane ${how}`, () => {
    it('http: each request says it, whatever its connection to the member said before, and whatever the client says', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { at, cameBy } = await site(t)
      await plane.serve([endpoint({ vip, members: [told('a', at)] })])
      for (const lines of ['', forged, 'Connection: close\r\n'])
        for (const version of ['1.1', '1.0']) {
          const wire = await dial(t, vip)
          const keep = version === '1.0' ? 'Connection: keep-alive\r\n' : ''
          wire.socket.write(`GET / HTTP/${version}\r\nHost: a\r\n${lines || keep}\r\n`)
          await wire.see(`told ["127.0.0.1 ${portOf(wire)}"]`)
          wire.socket.destroy()
        }
      if (how === 'alone') assert.ok(cameBy.size < 6, 'connections to the member were used again')
    })

    it('http: so does a request for another protocol, one with an absolute target, and one with a body', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { at } = await site(t)
      await plane.serve([endpoint({ vip, members: [told('a', at)] })])
      for (const text of [
        `GET / HTTP/1.1\r\nHost: a\r\n${forged}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`,
        `GET http://a/ HTTP/1.1\r\n${forged}Host: a\r\nKeep-Alive: 1\r\n\r\n`,
        `POST / HTTP/1.1\r\nHost: a\r\n${forged}Content-Length: 4\r\n\r\n\n\r\n\n`,
        `GET / HTTP/1.1\r\nHost: a\r\n${forged}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\n\r\n`,
      ]) {
        const wire = await dial(t, vip)
        wire.socket.write(text)
        await wire.see(`told ["127.0.0.1 ${portOf(wire)}"]`)
      }
    })

    it('http: a request that goes to a second member says it there once', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { at } = await site(t)
      const dead = [told('dead', await closedPort()), told('closes', await tcpOrigin(t, (one) => one.destroy()))]
      for (const first of dead) {
        await plane.serve([endpoint({ vip, members: [first, told('a', at)] })])
        for (let times = 0; times < 8; times++) {
          const wire = await dial(t, vip)
          wire.socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${forged}\r\n`)
          await wire.see(`told ["127.0.0.1 ${portOf(wire)}"]`)
        }
      }
    })

    it('http: other members are told nothing, by a client that pretends neither', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const { at } = await site(t)
      await plane.serve([endpoint({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${forged}\r\n`)
      await wire.see('told []')
      wire.socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${forged}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`)
      await wire.see('told undefined')
    })

    for (const protocol of ['tcp', 'https'] as const)
      it(`${protocol}: the connection begins with it, also at the second member, and a line of the client is only what follows`, async (t) => {
        const { plane } = startPlane(t)
        const vip = freshVip()
        const members = [told('dead', await closedPort()), told('a', await echo(t))]
        await plane.serve([endpoint({ vip, protocol, members })])
        for (let times = 0; times < 8; times++) {
          const wire = await dial(t, vip)
          const own = 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n'
          wire.socket.write(`${own}bye`)
          const line = `PROXY TCP4 127.0.0.1 ${vip} ${portOf(wire)} ${port}\r\n`
          await wire.see(`came ${JSON.stringify(`${line}${own}bye`)}`)
        }
      })

    it('tcp: a member that speaks first is told all the same, and one that is no site nothing', async (t) => {
      const { plane } = startPlane(t)
      const [first, second] = [freshVip(), freshVip()]
      const at = await tcpOrigin(t, (socket) =>
        socket.once('data', (bytes) => socket.write(`came ${bytes.toString()}`)),
      )
      await plane.serve([
        endpoint({ id: 'site', vip: first, protocol: 'tcp', members: [told('a', at)] }),
        endpoint({ id: 'other', vip: second, protocol: 'tcp', members: [member('a', at)] }),
      ])
      const silent = await dial(t, first)
      await silent.see(`came PROXY TCP4 127.0.0.1 ${first} ${portOf(silent)} ${port}\r\n`)
      const other = await dial(t, second)
      other.socket.write('hello')
      await other.see('came hello')
    })

    it('an address of IPv6 is told as one', async (t) => {
      const { plane } = startPlane(t)
      const { at } = await site(t)
      const [http, tcp] = [await freePort(), await freePort()]
      await plane.serve([
        endpoint({ id: 'http', vip: '::1', port: http, members: [told('a', at)] }),
        endpoint({ id: 'tcp', vip: '::1', port: tcp, protocol: 'tcp', members: [told('a', await echo(t))] }),
      ])
      const wire = await dial(t, '::1', http)
      wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await wire.see(`told ["::1 ${portOf(wire)}"]`)
      const spliced = await dial(t, '::1', tcp)
      spliced.socket.write('bye')
      await spliced.see(`came ${JSON.stringify(`PROXY TCP6 ::1 ::1 ${portOf(spliced)} ${tcp}\r\nbye`)}`)
    })
  })

it('with workers, requests of many clients at once each say their own', async (t) => {
  const { startPlane } = planes[1]
  const { plane } = startPlane(t)
  const vip = freshVip()
  const { at } = await site(t)
  await plane.serve([endpoint({ vip, members: [told('a', at)] })])
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.after(() => agent.destroy())
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      const asked = request({ host: vip, port, agent }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      let text = ''
      const own = asked.socket?.localPort
      for await (const bytes of answer) text += bytes
      assert.equal(text, `told ["127.0.0.1 ${own}"]`)
    }),
  )
})

describe('the words', () => {
  const ends = { remoteAddress: '::ffff:10.0.0.9', remotePort: 5, localAddress: '::ffff:127.0.0.2', localPort: 443 }
  const link = { ...ends, remoteAddress: 'fe80::9%eth0', localAddress: 'fe80::1%eth0' }
  const head = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\nbody')

  it('write an address of IPv4 that came by IPv6 as IPv4, and no zone', () => {
    assert.equal(proxyLine(ends), 'PROXY TCP4 10.0.0.9 127.0.0.2 5 443\r\n')
    assert.equal(proxyLine(link), 'PROXY TCP6 fe80::9 fe80::1 5 443\r\n')
    assert.equal(
      withClient(head, ends).toString(),
      'GET / HTTP/1.1\r\nX-Reddog-Client: 10.0.0.9 5\r\nHost: a\r\n\r\nbody',
    )
  })

  it('say that it is not known when the client has gone', () => {
    const gone = { remoteAddress: undefined, remotePort: undefined }
    assert.equal(proxyLine(gone), 'PROXY UNKNOWN\r\n')
    assert.equal(withClient(head, gone), head)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '::1')
  await once(server, 'listening')
  const { port: free } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return free
}
