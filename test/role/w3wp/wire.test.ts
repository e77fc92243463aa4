/** A real w3wp behind a real listener, which asks it over the wire (web-wire.ts). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test'
import { frameOf, frameReader } from '../../../src/kernel/frames.ts'
import { issueCertificate, makeAuthority } from '../../../src/machine/certificates/authority.ts'
import { writeRequestFacts } from '../../../src/role/contract/web-request.ts'
import {
  frameKinds,
  readWireRequest,
  wireSocket,
  writeWireHead,
  writeWireRequest,
} from '../../../src/role/contract/web-wire.ts'
import { freePort, type Listener, startListener } from '../../guest/w3svc/listener.ts'
import { until } from '../../until.ts'
import { startWorker, type Worker } from './worker.ts'

const bigBytes = 30_000_000
const longBytes = 1_000_000
const handler = '<handlers><add name="n" path="app.js" verb="*" modules="iisnode"/></handlers>'
const config = `<configuration><system.webServer>${handler}<httpProtocol><customHeaders><add name="X-Own" value="yes"/></customHeaders></httpProtocol></system.webServer></configuration>`

/** Says what it was asked; counts who has gone. */
const program = `
let gone = 0
require('http').createServer((request, response) => {
  if (request.url === '/app.js?gone') return response.end(String(gone))
  if (request.url === '/app.js?half') { response.writeHead(200, { 'Content-Length': 9 }).write('half'); return setTimeout(() => response.destroy(), 20) }
  if (request.url === '/app.js?wait') { request.once('close', () => gone++); return response.write('begun') }
  response.writeHead(203, 'Said', { 'X-Twice': ['a', 'b'] })
  response.end(JSON.stringify([request.method, request.url, request.rawHeaders.filter((_, at, all) => all[at - at % 2] === 'X-Asked')]))
}).listen(process.env.PORT)`

describe('the wire between the listener and w3wp', () => {
  let worker: Worker
  let web: Listener
  before(async () => {
    const loud = `<configuration><system.webServer><httpProtocol><customHeaders><add name="X-Loud" value="${'a'.repeat(300_000)}"/></customHeaders></httpProtocol></system.webServer></configuration>`
    const half = `<configuration><system.webServer><rewrite><rules><rule name="h"><match url="^(?!x)(.)(.*)$"/><action type="Rewrite" url="x{R:1}" logRewrittenUrl="true"/></rule></rules></rewrite></system.webServer></configuration>`
    const files = {
      'loud/web.config': loud,
      'half/web.config': half,
      'long/web.config': `<configuration><system.webServer><httpErrors errorMode="Custom"><remove statusCode="404"/><error statusCode="404" path="page.htm" responseMode="File"/></httpErrors></system.webServer></configuration>`,
      'page.htm': 'a'.repeat(longBytes),
      'loud/small.txt': '',
      'web.config': config,
      'app.js': program,
      'small.txt': 'small',
      'empty.txt': '',
      'big.txt': '',
    }
    worker = await startWorker([{ files }])
    truncateSync(join(worker.directoryOf(1), 'big.txt'), bigBytes)
    web = await startListener({ socketPath: worker.socket, site: 1 })
  })
  after(async () => {
    await web.end()
    await worker.close()
  })

  async function ask(path: string, options: object = {}): Promise<IncomingMessage> {
    const request = get({ host: '127.0.0.1', port: web.port, path, agent: false, ...options })
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    return answer
  }

  it('brings the request and the answer of a program as they are', async () => {
    const answer = await ask('/app.js?a=%20b', { headers: { 'X-Asked': 'ä' } })
    assert.equal(answer.statusCode, 203)
    assert.equal(answer.statusMessage, 'Said')
    assert.deepEqual(answer.headers['x-twice'], 'a, b')
    assert.equal(answer.headers['x-own'], 'yes')
    assert.deepEqual(JSON.parse(String(await buffer(answer))), ['GET', '/app.js?a=%20b', ['X-Asked', 'ä']])
  })

  it('brings files of any size, their heads alone, and none', async () => {
    assert.equal(String(await buffer(await ask('/small.txt'))), 'small')
    assert.equal((await buffer(await ask('/big.txt'))).length, bigBytes)
    assert.equal((await buffer(await ask('/empty.txt'))).length, 0)
    const head = await ask('/big.txt', { method: 'HEAD' })
    assert.equal(head.headers['content-length'], String(bigBytes))
    assert.equal((await buffer(head)).length, 0)
    assert.equal((await ask('/lost')).statusCode, 404)
  })

  it('lets others pass a client that takes its time', async () => {
    const slow = await ask('/big.txt')
    const agent = new Agent({ keepAlive: true, maxSockets: 4 })
    const others = await Promise.all(
      Array.from({ length: 50 }, async () => String(await buffer(await ask('/small.txt', { agent })))),
    )
    assert.deepEqual(new Set(others), new Set(['small']))
    agent.destroy()
    assert.equal((await buffer(slow)).length, bigBytes)
  })

  it('cuts the connection of an answer that ends half way', async () => {
    // On a busy machine it ends before its head is sent.
    await assert.rejects(async () => buffer(await ask('/app.js?half')))
  })

  it('cuts the connection of an answer with a head that nobody takes, and no other', async () => {
    const slow = await ask('/big.txt')
    await assert.rejects(ask('/loud/small.txt'))
    await assert.rejects(ask('/loud/small.txt'))
    assert.equal((await buffer(slow)).length, bigBytes)
    const said = () => worker.output().match(/An answer could not be sent/g)?.length
    await until(() => said() !== undefined, 'it is said')
    assert.equal(said(), 1)
  })

  it('answers where a rule has cut a character of the URL that is logged in two', async () => {
    assert.equal((await ask('/half/%F0%9F%98%80')).statusCode, 404)
  })

  it('sends no piece of a page that it holds in memory to a listener that has paused it, and all of it afterwards', async (t) => {
    const { seen, say } = await listening(t, worker.socket)
    const of = (number: number) => seen.filter((frame) => frame.number === number)
    const ask = (number: number) => frameOf(frameKinds.ask, number, asking('/long/lost'))
    say(ask(1), frameOf(frameKinds.pause, 1), frameOf(frameKinds.ask, 2, '["no list of texts", 1]'))
    await until(() => of(1).length > 0 && of(2).length > 0, 'its head')
    say(ask(3))
    await until(() => of(3).at(-1)?.kind === frameKinds.last, 'the page of another')
    const bytes = (number: number) =>
      of(number).reduce((sum, { kind, length }) => sum + (kind === frameKinds.head ? 0 : length), 0)
    assert.deepEqual([of(1), bytes(3)], [of(1).slice(0, 1), longBytes])
    assert.deepEqual(of(2), [{ kind: frameKinds.broken, number: 2, length: 0 }])
    say(frameOf(frameKinds.resume, 1))
    await until(() => of(1).at(-1)?.kind === frameKinds.last, 'all of it')
    assert.equal(bytes(1), longBytes)
  })

  it('ends the request of a client that goes', async () => {
    const answer = await ask('/app.js?wait')
    answer.destroy()
    await until(async () => String(await buffer(await ask('/app.js?gone'))) === '1', 'the program hears of it')
  })

  it('has a line for each of them in the web log', async () => {
    const before = web.webLog().length
    await buffer(await ask('/small.txt?x=1'))
    await until(() => web.webLog().length > before, 'the line')
    assert.match(web.webLog().at(-1) ?? '', / GET \/small\.txt x=1 .* 200 0 0 /)
  })
})

/** The listener's end of the wire to a w3wp, by hand. */
async function listening(t: TestContext, socket: string) {
  const wire = connect(wireSocket(socket))
  t.after(() => wire.destroy())
  await once(wire, 'connect')
  const seen: { readonly kind: number; readonly number: number; readonly length: number }[] = []
  wire.on(
    'data',
    frameReader((kind, number, { length }) => seen.push({ kind, number, length })),
  )
  return { seen, say: (...frames: Buffer[]) => wire.write(Buffer.concat(frames)) }
}

function asking(url: string): string {
  const local = { address: '10.0.0.4', port: 80 }
  const facts = writeRequestFacts({
    site: 1,
    remote: { ...local, address: '203.0.113.7' },
    local,
    isSecure: false,
    protocol: 'HTTP/1.1',
  })
  return writeWireRequest({ method: 'GET', url, facts, fields: ['Host', 'a'] })
}

describe('a listener at a wire', () => {
  const head = (fields: readonly string[]) => writeWireHead({ status: 200, reason: 'OK', facts: '', fields })
  /** By the path of a request, the head that comes for it. */
  const heads: Readonly<Record<string, string>> = {
    '/none': 'no head',
    '/twice': head(['Content-Length', '0', 'content-length', '1']),
    '/sized': head(['Content-Length', '0x0']),
  }
  let seen: string[] = []
  let web: Listener
  let https = 0
  const wires = new Set<Socket>()
  const directory = mkdtempSync(join(tmpdir(), 'wire-'))
  /** `/held` waits for `/`, and `/end` ends the wire, each the first time. */
  const ends = createServer((socket) => {
    wires.add(socket)
    let held: number[] = []
    const answer = (number: number, url: string) => {
      socket.write(frameOf(frameKinds.head, number, heads[url] ?? head([])))
      socket.write(frameOf(frameKinds.last, number, url === '/body' ? 'body' : ''))
    }
    const read = frameReader((kind, number, content) => {
      if (kind !== frameKinds.ask) return
      const { url } = readWireRequest(content.toString())
      const isFirst = !seen.includes(url)
      seen.push(url)
      if (url === '/held' && isFirst) return void held.push(number)
      if (url === '/end' && isFirst) return void socket.destroy()
      answer(number, url)
      if (url !== '/') return
      for (const one of held) answer(one, '/held')
      held = []
    })
    socket.on('data', read)
  })
  before(async () => {
    const socketPath = join(directory, 's')
    ends.listen(wireSocket(socketPath))
    await once(ends, 'listening')
    https = await freePort()
    const { certificatePem: cert, keyPem: key } = issueCertificate(makeAuthority('A root'), {
      commonName: 'a',
      usage: 'server',
      hosts: ['a'],
    })
    const bindings = [{}, { protocol: 'https', port: https, certificate: 'ONE' }] as const
    web = await startListener({ socketPath, bindings, certificates: { ONE: { cert, key } } })
  })
  beforeEach(() => {
    seen = []
  })
  after(async () => {
    await web.end()
    for (const wire of wires) wire.destroy()
    ends.close()
    rmSync(directory, { recursive: true })
  })
  async function statusOf(path: string) {
    const [answer] = (await once(get({ port: web.port, host: '127.0.0.1', path, agent: false }), 'response')) as [
      IncomingMessage,
    ]
    await buffer(answer)
    return answer.statusCode
  }

  it('fails the request whose answer nobody can read, or whose length, and no other', async () => {
    const held = statusOf('/held')
    await until(() => seen.length === 1, 'it is asked')
    for (const path of ['/none', '/twice', '/sized']) await assert.rejects(statusOf(path), path)
    assert.deepEqual([await statusOf('/'), await held, wires.size], [200, 200, 1])
  })

  it('asks again, and of the same process, what was there together when the wire ended', async () => {
    const held = statusOf('/held')
    await until(() => seen.length === 1, 'it is asked')
    assert.deepEqual([await statusOf('/end'), await held], [200, 200])
    assert.deepEqual(seen, ['/held', '/end', '/held', '/end'])
  })

  it('counts no body that a client of HTTP/2 does not get', async (t) => {
    const session = connectHttp2(`https://127.0.0.1:${https}`, { rejectUnauthorized: false })
    t.after(() => session.destroy())
    const sent = async (method: string) => {
      const before = web.webLog().length
      await buffer(session.request({ ':method': method, ':path': '/body' }))
      await until(() => web.webLog().length > before, 'the line')
      return Number(web.webLog().at(-1)?.split(' ').at(-3))
    }
    assert.equal((await sent('GET')) - (await sent('HEAD')), 4)
  })

  it('does not ask again what was there alone: it is likely why', async () => {
    await assert.rejects(statusOf('/end'))
    assert.deepEqual([await statusOf('/'), seen], [200, ['/end', '/']])
  })
})

describe('frames', () => {
  it('are read from bytes in any pieces, and none that is too long', () => {
    const seen: unknown[] = []
    const read = frameReader((kind, exchange, content) => seen.push([kind, exchange, content.toString()]))
    const all = Buffer.concat([frameOf(1, 7, 'one'), frameOf(2, 4_000_000_000), frameOf(3, 0, 'ä')])
    for (const byte of all) read(Buffer.from([byte]))
    read(all)
    const wanted = [
      [1, 7, 'one'],
      [2, 4_000_000_000, ''],
      [3, 0, 'ä'],
    ]
    assert.deepEqual(seen, [...wanted, ...wanted])
    assert.throws(() => read(Buffer.alloc(9, 0xff)), /are the most/)
  })
})
