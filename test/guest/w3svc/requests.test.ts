/** What the listener takes and refuses, byte by byte (I-10, I-11, G-12), with real sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { until } from '../../until.ts'
import { type Listener, send, startListener } from './listener.ts'

const host = 'Host: a\r\nConnection: close\r\n'
const chunked = 'Transfer-Encoding: chunked'

/** Status, `s-reason`, what is sent. */
const refused: Readonly<Record<string, readonly [number, string, string]>> = {
  'Content-Length beside Transfer-Encoding': [
    400,
    'Header',
    `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\n${chunked}\r\n\r\n0\r\n\r\n`,
  ],
  'Transfer-Encoding beside Content-Length': [
    400,
    'Number',
    `POST / HTTP/1.1\r\n${host}${chunked}\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ],
  'two lengths that are the same': [
    400,
    'Number',
    `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
  ],
  'two lengths that differ': [
    400,
    'Number',
    `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`,
  ],
  'a list of lengths': [400, 'Number', `POST / HTTP/1.1\r\n${host}Content-Length: 1, 1\r\n\r\na`],
  'a length with a sign': [400, 'Number', `POST / HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\na`],
  'a length below nothing': [400, 'Number', `POST / HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\na`],
  'a length in hexadecimal': [400, 'Number', `POST / HTTP/1.1\r\n${host}Content-Length: 0x1\r\n\r\na`],
  'a length that no body has': [
    413,
    'EntityTooLarge',
    `POST / HTTP/1.1\r\n${host}Content-Length: 99999999999999999999\r\n\r\na`,
  ],
  'no length where there must be one': [411, 'LengthRequired', `POST / HTTP/1.1\r\n${host}\r\n`],
  'the coding identity': [501, 'N/I', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: identity\r\n\r\n`],
  'a coding that is no coding': [501, 'N/I', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  'a coding before chunked': [
    501,
    'N/I',
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ],
  'a coding after chunked': [
    400,
    'Header',
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  ],
  'chunked twice': [400, 'Header', `POST / HTTP/1.1\r\n${host}${chunked}\r\n${chunked}\r\n\r\n0\r\n\r\n`],
  'chunked in HTTP/1.0': [400, 'Header', `POST / HTTP/1.0\r\n${host}${chunked}\r\n\r\n0\r\n\r\n`],
  'a space before the colon': [400, 'Header', `POST / HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  'a control character before the coding': [
    400,
    'Header',
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n`,
  ],
  'a folded line': [400, 'Header', `POST / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`],
  'a folded coding': [400, 'Header', `POST / HTTP/1.1\r\n${host}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  'a space before the first field': [400, 'Header', `GET / HTTP/1.1\r\n X: a\r\n${host}\r\n`],
  'a line feed alone in the head': [400, 'Invalid_CR/LF', `GET / HTTP/1.1\r\nHost: a\nConnection: close\n\n`],
  'a carriage return alone': [400, 'Invalid_CR/LF', `GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n`],
  'a NUL in a field': [400, 'Header', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`],
  'a field without a name': [400, 'Header', `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`],
  'no host in HTTP/1.1': [400, 'Hostname', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  'two hosts': [400, 'Hostname', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
  'a host that is none': [400, 'Hostname', 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
  'a verb that nobody knows': [400, 'Verb', `FOO / HTTP/1.1\r\n${host}\r\n`],
  'what proxies are asked': [400, 'Verb', `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`],
  'a URL of another scheme': [400, 'URL', `GET ftp://b/x HTTP/1.1\r\n${host}\r\n`],
  'a fragment': [400, 'URL', `GET /a#b HTTP/1.1\r\n${host}\r\n`],
  'a control character in the URL': [400, 'URL', `GET /a\u0001b HTTP/1.1\r\n${host}\r\n`],
  'an escape that is none': [400, 'URL', `GET /%zz HTTP/1.1\r\n${host}\r\n`],
  'an escaped NUL': [400, 'URL', `GET /a%00 HTTP/1.1\r\n${host}\r\n`],
  'a way out of the root': [400, 'URL', `GET /a/../../b HTTP/1.1\r\n${host}\r\n`],
  'an escaped way out': [400, 'URL', `GET /%2e%2e/b HTTP/1.1\r\n${host}\r\n`],
  'a long name in the path': [400, 'URL', `GET /${'a'.repeat(261)} HTTP/1.1\r\n${host}\r\n`],
  'HTTP/2 without having agreed on it': [505, 'Version_N/S', `GET / HTTP/2.0\r\n${host}\r\n`],
  'a version that is none': [505, 'Version_N/S', `GET / HTTP/1.2\r\n${host}\r\n`],
  'TLS where there is none': [400, 'Verb', '\u0016\u0003\u0001\0\u00a5\u0001'],
  'a URL that is too long': [414, 'URL_Length', `GET /?${'a'.repeat(17_000)} HTTP/1.1\r\n${host}\r\n`],
  'a field that is too long': [400, 'RequestLength', `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(17_000)}\r\n\r\n`],
  'many fields': [400, 'RequestLength', `GET / HTTP/1.1\r\n${host}${'a:\r\n'.repeat(6_000)}\r\n`],
}

describe('the listener', () => {
  let listener: Listener
  const seen: string[] = []
  before(async () => {
    listener = await startListener({
      answer(request, response) {
        seen.push(request.url ?? '')
        request.resume().on('end', () => response.end('answered'))
      },
    })
  })
  after(() => listener.end())

  for (const [what, [status, reason, bytes]] of Object.entries(refused))
    it(`refuses ${what} with ${status} ${reason}, and says so in its error log (G-12)`, async () => {
      const answer = await send(listener.port, bytes)
      assert.match(
        answer,
        new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nConnection: close\r\n[^]*HTTP Error ${status}\\.`, 'i'),
      )
      assert.equal(answer.split('HTTP/1.1 ').length, 2)
      const fields = listener.errorLog().at(-1)?.split(' ') ?? []
      assert.deepEqual([fields[10], fields[12]], [String(status), reason])
      assert.deepEqual(seen.splice(0), [])
    })

  it('says nothing of them in the web log (I-11)', () => assert.deepEqual(listener.webLog(), []))
})

describe('bytes of any kind', () => {
  it('end nobody else’s requests', async (t) => {
    const listener = await startListener({ limits: { headerWaitMs: 200, connectionMs: 200, lookMs: 20 } })
    t.after(() => listener.end())
    const words = Object.values(refused).map(([, , bytes]) => bytes.slice(0, 400))
    const piece = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' }), fc.constantFrom('\r\n', ' ', ':'))
    const one = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const all = fc.sample(one, { numRuns: 300, seed: 1 })
    await Promise.all(all.map((bytes) => send(listener.port, bytes)))
    assert.match(await send(listener.port, `GET / HTTP/1.1\r\n${host}\r\n`), /answered$/)
  })
})

describe('a chunked body that is none', () => {
  const bodies = {
    'a line feed alone': '1\nx\n0\n\n',
    'a size in another notation': '0x1\r\nx\r\n0\r\n\r\n',
    'a size below nothing': '-1\r\nx\r\n0\r\n\r\n',
    'a size that no chunk has': 'fffffffffffffffff\r\nx\r\n0\r\n\r\n',
    'more than its size': '1\r\nxy\r\n0\r\n\r\n',
  }
  for (const [what, body] of Object.entries(bodies))
    it(`ends its connection, and nothing of it is taken for a request: ${what}`, async (t) => {
      const urls: (string | undefined)[] = []
      const listener = await startListener({
        answer(request, response) {
          urls.push(request.url)
          request.on('error', () => {}).resume()
          request.on('end', () => response.end('answered'))
        },
      })
      t.after(() => listener.end())
      const after = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
      const answer = await send(listener.port, `POST /first HTTP/1.1\r\nHost: a\r\n${chunked}\r\n\r\n${body}${after}`)
      assert.match(answer, /^HTTP\/1\.1 4\d\d /)
      assert.equal(urls.includes('/smuggled'), false)
    })
})

describe('a request', () => {
  it('reaches w3wp with its body and its fields, and without those of the connection and the platform (I-36)', async (t) => {
    const listener = await startListener({
      answer(request, response) {
        let body = ''
        request.setEncoding('utf8')
        request.on('data', (part: string) => {
          body += part
        })
        request.on('end', () => {
          response.setHeader('X-Reddog-Answer', 's=3&w=2')
          response.setHeader('Set-Cookie', ['a=1', 'b=2'])
          response.end(JSON.stringify({ url: request.url, fields: request.rawHeaders, body }))
        })
      },
    })
    t.after(() => listener.end())
    const answer = await send(
      listener.port,
      [
        'POST /a?b HTTP/1.1',
        'Host: a:1',
        'Connection: close, X-Hop, Content-Length',
        'X-Hop: 1',
        'TE: trailers',
        'Keep-Alive: 1',
        'Upgrade: h2c',
        'X-Reddog-Request: 1 9.9.9.9 1 9.9.9.9 1 on HTTP/1.1',
        'X-Reddog-Client: 9.9.9.9 1',
        'X-Reddog-Answer: 1',
        'Content-Length: 2',
        'X-Twice: 1',
        'X-Twice: 2',
        '',
        'hi',
      ].join('\r\n'),
    )
    const { url, fields, body } = JSON.parse(answer.slice(answer.indexOf('{'))) as {
      url: string
      fields: string[]
      body: string
    }
    assert.deepEqual([url, body], ['/a?b', 'hi'])
    const [, facts] = fields.splice(fields.indexOf('x-reddog-request'), 2)
    const own = ['Connection', 'keep-alive']
    assert.deepEqual(fields, ['Host', 'a:1', 'Content-Length', '2', 'X-Twice', '1', 'X-Twice', '2', ...own])
    assert.match(facts ?? '', new RegExp(`^7 127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${listener.port} off HTTP/1\\.1$`))
    assert.doesNotMatch(answer, /reddog-answer/i)
    assert.deepEqual(answer.match(/^set-cookie: .*$/gim)?.length, 2)
  })

  it('without a site gets 503 from the listener, in its error log alone (I-11, G-12)', async (t) => {
    const listener = await startListener({ bindings: [{ hostHeader: 'shop.example' }] })
    t.after(() => listener.end())
    const ask = (name: string) => send(listener.port, `GET /x?y HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)
    assert.match(await ask('SHOP.example.:80'), /^HTTP\/1\.1 200 /)
    assert.match(await ask('other.example'), /^HTTP\/1\.1 503 /)
    assert.equal(listener.webLog().length, 1)
    const [line = '', ...others] = listener.errorLog()
    assert.deepEqual(others, [])
    const tail = new RegExp(
      `^[\\d-]+ [\\d:]+ 127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${listener.port} HTTP/1\\.1 GET /x\\?y - 503 - N/A -$`,
    )
    assert.match(line, tail)
  })

  it('with an absolute URL is for the host of that, whatever the field says (RFC 9112, 3.2.2)', async (t) => {
    const listener = await startListener({
      bindings: [{ hostHeader: 'b' }],
      answer: (request, response) => void response.end(`${request.headers.host} ${request.url}`),
    })
    t.after(() => listener.end())
    assert.match(await send(listener.port, `GET http://b?q HTTP/1.1\r\n${host}\r\n`), /\r\nb \/\?q$/)
  })

  it('that was sent ahead is answered in its turn, and begun in its turn', async (t) => {
    const begun: string[] = []
    const pending: (() => void)[] = []
    const listener = await startListener({
      answer(request, response) {
        begun.push(request.url ?? '')
        pending.push(() => response.end(request.url))
      },
    })
    t.after(() => listener.end())
    const all = Array.from({ length: 40 }, (_, at) => `/${at}`)
    const last = (url: string) => (url === '/39' ? 'Connection: close\r\n' : '')
    const answer = send(listener.port, all.map((url) => `GET ${url} HTTP/1.1\r\nHost: a\r\n${last(url)}\r\n`).join(''))
    for (const [at] of all.entries()) {
      await until(() => begun.length === at + 1, 'the next has begun')
      assert.equal(pending.length, 1)
      pending.pop()?.()
    }
    assert.deepEqual((await answer).match(/(?<=\r\n\r\n)\/\d+/g), all)
  })

  it('whose client goes away is ended at w3wp too, and its line has the code of Windows for it', async (t) => {
    let gone = false
    const listener = await startListener({
      answer: (_request, response) => {
        response.write('begun')
        response.on('close', () => {
          gone = true
        })
      },
    })
    t.after(() => listener.end())
    const socket = createConnection(listener.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await until(() => gone && listener.webLog().length === 1, 'the end has reached w3wp')
    assert.match(listener.webLog()[0] ?? '', / 200 0 64 /)
  })

  it('that waits to be told to send is told so by w3wp', async (t) => {
    const listener = await startListener({ answer: (request, response) => void request.pipe(response) })
    t.after(() => listener.end())
    const socket = createConnection(listener.port, '127.0.0.1').setEncoding('latin1')
    socket.write(`POST / HTTP/1.1\r\n${host}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
    const [first] = (await once(socket, 'data')) as [string]
    assert.equal(first, 'HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('hi')
    const [answer] = (await once(socket, 'data')) as [string]
    assert.match(answer, /^HTTP\/1\.1 200 /)
    socket.destroy()
  })

  it('that was led to a process that is gone is led to the next one, from its first byte', async (t) => {
    const listener = await startListener({ answer: (request, response) => void request.pipe(response) })
    t.after(() => listener.end())
    listener.httpSys.addProcess(2, join(listener.directory, 'p2'))
    listener.setDoor({ kind: 'open', process: 2 })
    const body = 'x'.repeat(100_000)
    const answer = send(listener.port, `POST / HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n${body}`)
    // It waits once it has been there: its pool is told so when the door is not open any more.
    await until(() => {
      listener.setDoor({ kind: 'waiting' })
      if (listener.wanted.length === 0) listener.setDoor({ kind: 'open', process: 2 })
      return listener.wanted.length > 0
    }, 'the request waits')
    listener.setDoor({ kind: 'open', process: 1 })
    assert.equal((await answer).match(/x{2,}/g)?.join('').length, body.length)
    assert.deepEqual(listener.errorLog(), [])
  })

  it('of HTTP/1.0 is answered without chunks, and its connection ends', async (t) => {
    const listener = await startListener({
      answer: (_request, response) => {
        response.write('in ')
        response.end('parts')
      },
    })
    t.after(() => listener.end())
    assert.match(await send(listener.port, 'GET / HTTP/1.0\r\n\r\n'), /\r\n\r\nin parts$/)
  })
})

describe('a client that is slow', () => {
  const limits = { headerWaitMs: 100, connectionMs: 100, lookMs: 20 }
  const cases = {
    'with its header fields': ['GET / HTTP/1.1\r\nHost:', 'Timer_HeaderWait'],
    'with its first byte': ['', 'Timer_ConnectionIdle'],
    'with its body': ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na', 'Timer_EntityBody'],
  } as const
  for (const [what, [bytes, reason]] of Object.entries(cases))
    it(`${what} loses its connection: ${reason} (G-12)`, async (t) => {
      const listener = await startListener({ limits, answer: (request) => void request.on('error', () => {}).resume() })
      t.after(() => listener.end())
      assert.equal(await send(listener.port, bytes), '')
      assert.match(listener.errorLog().at(-1) ?? '', new RegExp(` - - ${reason} -$`))
    })

  it('to ask again loses it too, and nobody minds', async (t) => {
    const listener = await startListener({ limits })
    t.after(() => listener.end())
    assert.match(await send(listener.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), /answered$/)
    assert.deepEqual(listener.errorLog(), [])
  })

  it('is no matter while the application is slow', async (t) => {
    const listener = await startListener({
      limits,
      answer: (_request, response) => void setTimeout(() => response.end('late'), 500),
    })
    t.after(() => listener.end())
    assert.match(await send(listener.port, `GET / HTTP/1.1\r\n${host}\r\n`), /late$/)
  })
})
