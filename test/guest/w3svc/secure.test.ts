/** https, HTTP/2, WebSockets and the client's own address (I-12, I-36), with the clients that operators have. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { createConnection, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { issueCertificate, makeAuthority } from '../../../src/machine/certificates/authority.ts'
import { until } from '../../until.ts'
import { freePort, type Listener, type ListenerOptions, send, startListener } from './listener.ts'

const run = promisify(execFile)

const authority = makeAuthority('the test')

function certificateFor(name: string) {
  const { certificatePem, keyPem } = issueCertificate(authority, { commonName: name, usage: 'server', hosts: [name] })
  return { cert: certificatePem, key: keyPem }
}

const certificates = { A: certificateFor('a.example'), B: certificateFor('b.example') }

const missing = (command: string) => (existsSync(`/usr/bin/${command}`) ? false : `${command} is not installed`)

/** A listener with https for two names, and http. */
async function startSecure(options: ListenerOptions = {}): Promise<Listener & { readonly https: number }> {
  const https = await freePort()
  const secure = { protocol: 'https', port: https } as const
  const listener = await startListener({
    certificates,
    bindings: [
      { ...secure, hostHeader: 'a.example', certificate: 'A' },
      { ...secure, hostHeader: 'b.example', certificate: 'B' },
      {},
    ],
    ...options,
  })
  return { ...listener, https }
}

const curl = async (listener: { readonly https: number }, name: string, ...words: readonly string[]) => {
  const resolve = ['--resolve', `${name}:${listener.https}:127.0.0.1`]
  return (await run('curl', ['-sk', '-m', '20', ...resolve, ...words, `https://${name}:${listener.https}/x?y`])).stdout
}

it('a body that its client of HTTP/2 breaks off is broken off for w3wp too, and no shorter one', async (t) => {
  const heard: string[] = []
  const listener = await startSecure({
    answer(request) {
      request.once('data', () => heard.push('its beginning'))
      request.once('end', () => heard.push('its end'))
      request.once('error', ({ message }) => heard.push(message))
    },
  })
  t.after(() => listener.end())
  const client = connectHttp2(`https://127.0.0.1:${listener.https}`, { rejectUnauthorized: false })
  client.on('error', () => {})
  const stream = client.request({ ':method': 'POST', ':path': '/', ':authority': 'a.example' })
  stream.on('error', () => {})
  stream.write('half of it')
  await until(() => heard.length === 1, 'it has begun')
  client.destroy()
  await until(() => heard.length === 2, 'it is over')
  assert.deepEqual(heard, ['its beginning', 'aborted'])
})

describe('https', () => {
  let listener: Awaited<ReturnType<typeof startSecure>>
  before(async () => {
    listener = await startSecure({
      answer(request, response) {
        if (request.url === '/file')
          return void request
            .on('data', () => {})
            .on('end', () => response.end(String(request.headers['content-length'])))
        response.setHeader('Set-Cookie', ['a=1', 'b=2'])
        response.setHeader('Connection', 'close')
        request.resume().on('end', () => response.end(JSON.stringify([request.url, request.rawHeaders])))
      },
    })
  })
  after(() => listener.end())

  for (const name of ['a.example', 'b.example'])
    it(`shows ${name} its own certificate (I-12)`, { skip: missing('openssl') }, async () => {
      const asked = run('openssl', ['s_client', '-connect', `127.0.0.1:${listener.https}`, '-servername', name])
      asked.child.stdin?.end()
      assert.match((await asked).stdout, new RegExp(`subject=CN = ${name.replace('.', '\\.')}`))
    })

  it('refuses the versions of TLS that are broken', { skip: missing('openssl') }, async () => {
    const old = ['-connect', `127.0.0.1:${listener.https}`, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0']
    await assert.rejects(run('openssl', ['s_client', ...old]))
  })

  it('speaks HTTP/2 with who can', { skip: missing('curl') }, async () => {
    const answer = await curl(listener, 'a.example', '--http2', '-i', '-d', 'hi', '-b', 'c=1; d=2')
    assert.match(answer, /^HTTP\/2 200/)
    assert.match(answer, /\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/)
    const [url, fields] = JSON.parse(answer.slice(answer.indexOf('["/x'))) as [string, string[]]
    assert.equal(url, '/x?y')
    assert.deepEqual(fields.slice(0, 2), ['Host', `a.example:${listener.https}`])
    assert.equal(fields[fields.indexOf('cookie') + 1], 'c=1; d=2')
    assert.match(fields[fields.indexOf('x-reddog-request') + 1] ?? '', / on HTTP\/2\.0$/)
    const line = listener.webLog().at(-1)?.split(' ') ?? []
    assert.deepEqual([line[11], line[13], line[15]], ['HTTP/2.0', 'c=1;+d=2', `a.example:${listener.https}`])
  })

  it('speaks HTTP/1.1 with who wants that', { skip: missing('curl') }, async () => {
    assert.match(await curl(listener, 'b.example', '--http1.1', '-i'), /^HTTP\/1\.1 200 OK\r\n/)
  })

  it('takes bodies of any size over HTTP/2, and answers for names that nobody has with 503', async () => {
    const client = connectHttp2(`https://127.0.0.1:${listener.https}`, { rejectUnauthorized: false })
    const ask = async (fields: Record<string, string>, body = Buffer.alloc(0)) => {
      const stream: ClientHttp2Stream = client.request({ ':method': 'POST', ...fields })
      stream.end(body)
      const [head] = (await once(stream, 'response')) as [{ ':status': number }]
      let text = ''
      for await (const part of stream.setEncoding('utf8')) text += part
      return [head[':status'], text] as const
    }
    const body = Buffer.alloc(5_000_000)
    assert.deepEqual(await ask({ ':authority': 'a.example', ':path': '/file', 'content-length': '5000000' }, body), [
      200,
      '5000000',
    ])
    assert.equal((await ask({ ':authority': 'c.example', ':path': '/' }))[0], 503)
    assert.match(listener.errorLog().at(-1) ?? '', / HTTP\/2\.0 POST \/ \d+ 503 - N\/A -$/)
    for (const path of ['/a b', '/\u00e4\n', 'x', '/%00']) {
      // What is no path at all HTTP/2 itself resets.
      const [status] = await ask({ ':authority': 'a.example', ':path': path }).catch(() => [400])
      assert.equal(status, 400, path)
    }
    client.close()
  })

  it('ends the stream at w3wp of which the client has thought better', async (t) => {
    let gone = false
    const other = await startSecure({
      answer: (_request, response) => {
        response.flushHeaders()
        response.once('close', () => {
          gone = true
        })
      },
    })
    t.after(() => other.end())
    const client = connectHttp2(`https://127.0.0.1:${other.https}`, { rejectUnauthorized: false })
    const stream = client.request({ ':authority': 'a.example', ':path': '/' })
    await once(stream, 'response')
    stream.close()
    await until(() => gone, 'the end has reached w3wp')
    client.close()
  })

  it('with a certificate that the instance does not have says so, and serves the others', async (t) => {
    const https = await freePort()
    const found = await startSecure()
    t.after(() => found.end())
    const binding = { protocol: 'https', address: '127.0.0.1', port: https, hostHeader: '', certificate: 'C' } as const
    const problems = await found.httpSys.serve({
      pools: [],
      sites: [{ name: 'x', id: 1, logDirectory: found.directory, applications: [], bindings: [binding] }],
    })
    assert.deepEqual(problems, [
      `127.0.0.1:${https}: is not served: the certificate C is not in the store of the instance.`,
    ])
  })
})

describe('a WebSocket', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const ask = `GET /chat HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  /** Answers as RFC 6455 asks, then sends back what it is sent. */
  const upgrade: ListenerOptions['upgrade'] = (request, socket, head) => {
    const accept = createHash('sha1').update(
      `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    )
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
    )
    socket.write(head)
    socket.pipe(socket)
  }

  it('goes through to w3wp, with what was sent ahead, and has its line once it is over', async (t) => {
    const listener = await startSecure({ upgrade })
    t.after(() => listener.end())
    for (const open of [
      () => createConnection(listener.port, '127.0.0.1'),
      () => connectTls({ port: listener.https, host: '127.0.0.1', servername: 'a.example', rejectUnauthorized: false }),
    ]) {
      const socket: Socket = open()
      socket.setEncoding('latin1')
      let came = ''
      socket.on('data', (part: string) => {
        came += part
      })
      socket.write(`${ask}ahead`)
      await until(() => came.endsWith('ahead'), 'the upgrade')
      assert.match(
        came,
        /^HTTP\/1\.1 101 Switching Protocols\r\n[^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/,
      )
      socket.write('hello')
      await until(() => came.endsWith('hello'), 'the echo')
      const before = listener.webLog().length
      socket.destroy()
      await until(() => listener.webLog().length === before + 1, 'the line')
      assert.match(listener.webLog().at(-1) ?? '', / GET \/chat - .* 101 0 (0|64) /)
    }
  })

  it('that w3wp does not want is answered as w3wp says', async (t) => {
    const listener = await startSecure({
      answer: (_request, response) => void response.writeHead(404, { 'X-A': 'b' }).end('no such thing'),
    })
    t.after(() => listener.end())
    assert.match(await send(listener.port, ask), /^HTTP\/1\.1 404 Not Found\r\n[^]*X-A: b\r\n[^]*no such thing$/)
  })
})

describe("the client's own address (I-36)", () => {
  const answer: ListenerOptions['answer'] = (request, response) =>
    void response.end(String(request.headers['x-reddog-request']))
  const head = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n'

  it('is the one that a balancer names in its field, and nobody else', async (t) => {
    const trusted = await startSecure({ answer, isBalancer: true })
    const careful = await startSecure({ answer })
    t.after(() => Promise.all([trusted.end(), careful.end()]))
    const field = 'X-Reddog-Client: 198.51.100.7 4711\r\n'
    assert.match(await send(trusted.port, `${head}${field}\r\n`), /\r\n7 198\.51\.100\.7 4711 /)
    assert.equal(trusted.webLog()[0]?.split(' ')[10], '198.51.100.7')
    for (const bad of ['X-Reddog-Client: a 1\r\n', 'X-Reddog-Client: 1.2.3.4 70000\r\n', field + field])
      assert.match(await send(trusted.port, `${head}${bad}\r\n`), /\r\n7 127\.0\.0\.1 /)
    assert.match(await send(careful.port, `${head}${field}\r\n`), /\r\n7 127\.0\.0\.1 /)
  })

  it('is the one of the PROXY line where the balancer moves bytes alone', async (t) => {
    const listener = await startSecure({ answer, isBalancer: true })
    t.after(() => listener.end())
    const over = async (first: string, port = listener.https, fields = '') => {
      const socket = createConnection(port, '127.0.0.1')
      socket.write(first)
      const secure = connectTls({ socket, servername: 'a.example', rejectUnauthorized: false })
      secure.on('error', () => {}).setEncoding('latin1')
      secure.write(`${head}${fields}\r\n`)
      let text = ''
      secure.on('data', (part: string) => {
        text += part
      })
      await new Promise((resolve) => secure.once('close', resolve))
      return text
    }
    assert.match(await over('PROXY TCP4 198.51.100.7 10.0.0.4 4711 443\r\n'), /\r\n7 198\.51\.100\.7 4711 /)
    assert.match(await over('PROXY TCP6 2001:db8::7 ::1 4711 443\r\n'), /\r\n7 2001:db8::7 4711 /)
    const socket = createConnection(listener.https, '127.0.0.1')
    socket.write('PROXY TCP4 198.51.100.7 10.0.0.4 4711 443\r\n')
    const secure = connectTls({ socket, servername: 'a.example', ALPNProtocols: ['h2'], rejectUnauthorized: false })
    const client = connectHttp2('https://a.example', { createConnection: () => secure })
    const [part] = (await once(client.request({ ':path': '/' }), 'data')) as [Buffer]
    assert.match(String(part), /^7 198\.51\.100\.7 4711 .* HTTP\/2\.0$/)
    client.close()
    assert.match(await over(''), /\r\n7 127\.0\.0\.1 /)
    assert.match(await over('PROXY UNKNOWN\r\n'), /\r\n7 127\.0\.0\.1 /)
    assert.equal(await over('PROXY TCP4 nobody 10.0.0.4 4711 443\r\n'), '')
    assert.equal(await over(`PROXY ${'x'.repeat(200)}`), '')
    assert.match(await over('', listener.https, 'X-Reddog-Client: 198.51.100.7 1\r\n'), /\r\n7 127\.0\.0\.1 /)
    const careful = await startSecure({ answer })
    t.after(() => careful.end())
    assert.equal(await over('PROXY TCP4 198.51.100.7 10.0.0.4 4711 443\r\n', careful.https), '')
    assert.match(await over('', careful.https), /\r\n7 127\.0\.0\.1 /)
  })
})
