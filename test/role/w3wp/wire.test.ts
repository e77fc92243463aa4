/** A real w3wp behind a real listener, which asks it over the wire (web-wire.ts). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { truncateSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { frameOf, frameReader } from '../../../src/kernel/frames.ts'
import { type Listener, startListener } from '../../guest/w3svc/listener.ts'
import { until } from '../../until.ts'
import { startWorker, type Worker } from './worker.ts'

const bigBytes = 30_000_000
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
    const files = {
      'loud/web.config': loud,
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
    assert.equal((await buffer(slow)).length, bigBytes)
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
