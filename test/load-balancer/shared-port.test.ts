import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { readServerName } from '../../src/machine/load-balancer/proxy/client-hello.ts'
import { until } from '../until.ts'
import { ask, dial, endpoint, freshVip, member, origin, planes, tcpOrigin } from './rig.ts'

const port = 18_080

for (const { how, startPlane } of planes)
  describe(`host names on the shared address, plane ${how} (design.md 5)`, () => {
    it('lead http to the service of the Host field, message by message', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, {}, localhost)
      const service = async (name: string) => {
        const { port: at } = await origin(t, (_, answer) => answer.end(`this is ${name}`))
        return endpoint({ id: name, vip: freshVip(), hostNames: [`${name}.localhost`], members: [member(name, at)] })
      }
      await plane.serve([await service('one'), await service('two')])
      const wire = await dial(t, localhost)
      for (const [host, name] of [
        ['one.localhost:18080', 'one'],
        ['TWO.localhost', 'two'],
      ]) {
        wire.socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
        await wire.see(`this is ${name}`)
      }
      wire.socket.write('GET http://one.localhost:18080/ HTTP/1.1\r\nHost: two.localhost\r\n\r\n')
      await until(() => wire.text().split('this is one').length === 3, 'the target, not the Host field, to count')
      const unknown = await ask(t, localhost, 'GET / HTTP/1.1\r\nHost: three.localhost\r\n\r\n')
      assert.match(unknown, /^HTTP\/1\.1 404 [^]*No cloud service here is called "three\.localhost"\.\n$/)
    })

    it('take a request in however many pieces it comes, and see that a client leaves in the middle of one', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, {}, localhost)
      let heads = 0
      const { port: at } = await origin(t, (asked, answer) => {
        heads++
        asked.pipe(answer)
      })
      await plane.serve([endpoint({ vip: freshVip(), hostNames: ['one.localhost'], members: [member('one', at)] })])
      // Over a new connection to the instance, and over kept ones.
      for (let times = 1; times <= 6; times++) {
        const wire = await dial(t, localhost)
        wire.socket.write('POST / HTTP/1.1\r\nHost: one.localhost\r\nContent-Length: 10\r\n\r\nhello')
        await until(() => heads === times, `head ${times}`)
        wire.socket.write('world')
        await until(() => /hello[^]*world[^]*0\r\n\r\n$/.test(wire.text()), 'the whole body')
        wire.socket.destroy()
      }
      const slow = await dial(t, localhost)
      for (const piece of ['G', 'ET / HTTP/1.1\r\nHost: one.loc', 'alhost\r\nConnection: close\r\n\r\n']) {
        slow.socket.write(piece)
        // Another is answered in between, so that the pieces are read apart.
        await ask(t, localhost, 'GET / HTTP/1.1\r\nHost: two.localhost\r\n\r\n')
      }
      await slow.see('HTTP/1.1 200 OK')
      assert.equal(await slow.closed, 'end')
      const leaving = await dial(t, localhost)
      leaving.socket.end('GET / HTTP/1.1\r\nHost: one.loc')
      assert.equal(await leaving.closed, 'end')
    })

    it('show no page for a service without an instance in rotation (L-11)', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, {}, localhost)
      const { port: at } = await origin(t, (_, answer) => answer.end('x'))
      const one = endpoint({ id: 'one', vip: freshVip(), hostNames: ['one.localhost'], members: [member('one', at)] })
      const two = { ...one, id: 'two', vip: freshVip(), hostNames: ['two.localhost'] }
      await plane.serve([one, two])
      await plane.serve([one, { ...two, members: [member('one', at, 'out')] }])
      const wire = await dial(t, localhost)
      wire.socket.write('GET / HTTP/1.1\r\nHost: two.localhost\r\n\r\n')
      assert.equal(await wire.closed, 'ECONNRESET')
    })

    it('close what names no service within the idle time-out of the fabric, and then keep to that of the endpoint (L-9)', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, { unroutedIdleMs: 150 }, localhost)
      const { port: at } = await origin(t, (_, answer) => answer.end('this is one'))
      const named = { vip: freshVip(), hostNames: ['one.localhost'], members: [member('one', at)] }
      await plane.serve([endpoint({ ...named, idleTimeoutMs: 300 })])
      const silent = await dial(t, localhost)
      const speaking = await dial(t, localhost)
      speaking.socket.write('GET / HTTP/1.1\r\nHost: one.localhost\r\n\r\n')
      await speaking.see('this is one')
      assert.equal(await Promise.race([silent.closed, speaking.closed.then(() => 'the other first')]), 'end')
      assert.equal(await speaking.closed, 'end')
    })

    it('close a TLS connection whose beginning does not come whole in time, though bytes of it keep coming', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, { headerWaitMs: 150 }, localhost)
      const { port: at } = await origin(t, (_, answer) => answer.end('this is one'))
      await plane.serve([endpoint({ vip: freshVip(), hostNames: ['one.localhost'], members: [member('one', at)] })])
      const slow = await dial(t, localhost)
      slow.socket.write('\x16\x03\x01\xff\xff', 'latin1')
      const more = setInterval(() => slow.socket.write('\x01'), 20)
      slow.socket.once('close', () => clearInterval(more))
      slow.socket.once('end', () => clearInterval(more))
      await until(() => slow.socket.destroyed, 'the end of the connection')
    })

    it('lead https by the server name, without looking inside, on the same port', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, {}, localhost)
      const { certificatePem: cert, keyPem: key } = selfSignedCertificate('anything')
      const secure = createTlsServer({ cert, key }, (_, answer) => answer.end('this is secure'))
      secure.listen(0, '127.0.0.1')
      await once(secure, 'listening')
      t.after(() => {
        secure.close()
        secure.closeAllConnections()
      })
      const { port: plainPort } = await origin(t, (_, answer) => answer.end('this is plain'))
      const named = { hostNames: ['one.localhost'], port }
      await plane.serve([
        endpoint({
          ...named,
          id: 's',
          vip: freshVip(),
          protocol: 'https',
          members: [member('s', (secure.address() as AddressInfo).port)],
        }),
        endpoint({ ...named, id: 'p', vip: freshVip(), members: [member('p', plainPort)] }),
      ])
      const socket = connectTls({ host: localhost, port, servername: 'one.localhost', rejectUnauthorized: false })
      t.after(() => socket.destroy())
      socket.write('GET / HTTP/1.1\r\nHost: whatever\r\nConnection: close\r\n\r\n')
      let came = ''
      socket.on('data', (bytes) => {
        came += bytes
      })
      await once(socket, 'end')
      assert.match(came, /this is secure/)
      assert.match(
        await ask(t, localhost, 'GET / HTTP/1.1\r\nHost: one.localhost\r\nConnection: close\r\n\r\n'),
        /this is plain/,
      )
      const stranger = connectTls({ host: localhost, port, servername: 'two.localhost', rejectUnauthorized: false })
      const [error] = (await once(stranger, 'error')) as [NodeJS.ErrnoException]
      assert.equal(error.code, 'ECONNRESET')
    })

    it('are no fault of an endpoint when the shared port belongs to somebody else', async (t) => {
      const localhost = '127.0.0.1'
      const taken = await tcpOrigin(t, (socket) => socket.end('somebody else'))
      const { plane } = startPlane(t, {}, localhost)
      const { port: at } = await origin(t, (_, answer) => answer.end('mine'))
      const vip = freshVip()
      const served = await plane.serve([
        endpoint({ vip, port: taken, hostNames: ['one.localhost'], members: [member('a', at)] }),
      ])
      assert.deepEqual([served.failed, served.boundPorts], [{}, {}])
      assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n', taken), /mine/)
      assert.equal(await ask(t, localhost, '', taken), 'somebody else')
    })
  })

describe('the server name of a ClientHello', () => {
  /** The first bytes that a real client sends. */
  async function hello(servername: string): Promise<Buffer> {
    const { createServer, connect } = await import('node:net')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = connectTls({ socket: connect((server.address() as AddressInfo).port, '127.0.0.1'), servername })
    client.on('error', () => {})
    const [socket] = await once(server, 'connection')
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    client.destroy()
    socket.destroy()
    server.close()
    return bytes
  }

  it('is found whole, however the bytes arrive, and waited for until then', async () => {
    const bytes = await hello('some.name.localhost')
    assert.deepEqual(readServerName(bytes), { name: 'some.name.localhost' })
    for (let length = 0; length < bytes.length; length++)
      assert.equal(readServerName(bytes.subarray(0, length)), 'more')
  })

  it('is found in a message that is spread over several records', async () => {
    const bytes = await hello('some.name.localhost')
    const message = bytes.subarray(5)
    const record = (part: Buffer) => Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part])
    const split = Buffer.concat([
      record(message.subarray(0, 3)),
      record(message.subarray(3, 100)),
      record(message.subarray(100)),
    ])
    assert.deepEqual(readServerName(split), { name: 'some.name.localhost' })
  })

  it('is none where there is none', async () => {
    assert.deepEqual(readServerName(await hello('')), { name: undefined })
    assert.deepEqual(readServerName(Buffer.from('GET / HTTP/1.1')), { name: undefined })
    assert.deepEqual(readServerName(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])), { name: undefined })
    assert.deepEqual(
      readServerName(Buffer.concat([Buffer.from([22, 3, 1, 255, 255, 1, 255, 255, 255]), Buffer.alloc(20_000)])),
      { name: undefined },
    )
  })
})
