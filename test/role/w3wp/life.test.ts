/** The process itself: it ends between messages, whoever goes and whatever breaks, and no rule holds it (I-16, I-23, I-55). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { listenerFields, writeRequestFacts } from '../../../src/role/contract/web-request.ts'
import { until } from '../../until.ts'
import { type Files, rules, startWorker, type Worker, webConfig } from './worker.ts'

/** Holds what it is asked until it is told to go on. */
const program = `const held = []
require('http').createServer((req, res) => {
  if (req.url === '/app.js?hold') { held.push(res); res.writeHead(200); return res.write('begun ') }
  if (req.url === '/app.js?wait') return held.push(res)
  if (req.url === '/app.js?go') { for (const one of held.splice(0)) one.end('done'); return res.end('went') }
  if (req.url === '/app.js?held') return res.end(String(held.filter((one) => !one.destroyed).length))
  if (req.url === '/app.js?half') { res.writeHead(200, { 'Content-Length': '100' }); res.write('half'); return setImmediate(() => res.destroy()) }
  let length = 0
  req.on('data', (part) => (length += part.length)).on('end', () => res.end('took ' + length)).on('error', () => {})
}).on('upgrade', (req, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n')
  socket.on('data', (part) => socket.write('echo ' + part)).on('error', () => {})
}).listen(process.env.PORT)`

const node: Files = {
  'app.js': program,
  'a.txt': 'a',
  ...webConfig('<handlers><add name="n" path="app.js" verb="*" modules="iisnode"/></handlers>'),
}

/** More than streams hold, and no more than a connection takes. */
const unreadBytes = 250_000

async function start(test: TestContext, files: Files): Promise<Worker> {
  const worker = await startWorker([{ files }])
  test.after(() => worker.close())
  return worker
}

const facts = writeRequestFacts({
  site: 1,
  remote: { address: '203.0.113.7', port: 1 },
  local: { address: '10.0.0.4', port: 80 },
  isSecure: false,
  protocol: 'HTTP/1.1',
})

/** Writes a request as it stands, and collects what comes back. */
function speak(worker: Worker, lines: readonly string[], body = '') {
  const socket = connect(worker.socket)
  let text = ''
  socket.on('data', (part: Buffer) => (text += part.toString('latin1'))).on('error', () => {})
  socket.write([...lines, 'Host: x', `${listenerFields.request}: ${facts}`, '', body].join('\r\n'))
  return { socket, text: () => text }
}

/** Files of its site that it has open. */
function openFiles({ process: { pid }, directoryOf }: Worker): readonly string[] {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).flatMap((fd) => {
    try {
      const path = readlinkSync(`${directory}/${fd}`)
      return path.startsWith(`${directoryOf(1)}/`) ? [path] : []
    } catch {
      return []
    }
  })
}

describe('the end of w3wp', () => {
  it('waits for an answer that has begun, and for one that has not, on connections that are kept', async (test) => {
    const worker = await start(test, node)
    const agent = new Agent({ keepAlive: true })
    test.after(() => agent.destroy())
    await worker.ask('/a.txt', { agent })
    const [begun, waiting] = ['hold', 'wait'].map((word) => worker.ask(`/app.js?${word}`, { agent }))
    await until(async () => (await worker.ask('/app.js?held')).body === '2', 'both are with the program')
    const late = new Agent({ keepAlive: true })
    test.after(() => late.destroy())
    const held = worker.ask('/app.js?wait', { agent: late })
    await until(async () => (await worker.ask('/app.js?held')).body === '3', 'the third is with the program')
    const going = speak(worker, ['GET /app.js?go HTTP/1.1'].concat(['Connection: keep-alive']))
    await until(() => going.text().includes('went'), 'they go on')
    const code = worker.stop()
    assert.equal((await begun)?.body, 'begun done')
    assert.equal((await waiting)?.body, 'done')
    assert.equal((await held).body, 'done')
    assert.equal(await code, 0)
  })

  it('comes when the last answer is over that had begun before', async (test) => {
    const worker = await start(test, node)
    const agent = new Agent({ keepAlive: true })
    test.after(() => agent.destroy())
    const answer = worker.ask('/app.js?hold', { agent })
    await until(async () => (await worker.ask('/app.js?held')).body === '1', 'it is with the program')
    // The head is on its way already, and does not say that the connection ends.
    const going = speak(worker, ['POST /app.js?go HTTP/1.1', 'Content-Length: 2'], 'x')
    const code = worker.stop()
    await until(() => !worker.process.connected || worker.process.exitCode === null, 'it is told')
    going.socket.write('x')
    assert.equal((await answer).body, 'begun done')
    assert.equal(await code, 0)
  })
})

describe('what breaks', () => {
  it('for want of memory is w3wp with its programs, before the listener that has started it', async (test) => {
    const worker = await start(test, {
      'app.js': `const score = require('fs').readFileSync('/proc/self/oom_score_adj', 'utf8')
        require('http').createServer((req, res) => res.end(score)).listen(process.env.PORT)`,
      ...webConfig('<handlers><add name="n" path="app.js" verb="*" modules="iisnode"/></handlers>'),
    })
    const program = Number((await worker.ask('/app.js')).body)
    const own = Number(readFileSync(`/proc/${worker.process.pid}/oom_score_adj`, 'utf8'))
    const ours = Number(readFileSync('/proc/self/oom_score_adj', 'utf8'))
    assert.ok(own > ours)
    assert.equal(program, own)
  })

  it('a client that goes takes its request from the program', async (test) => {
    const worker = await start(test, node)
    const { socket } = speak(worker, ['GET /app.js?wait HTTP/1.1'])
    await until(async () => (await worker.ask('/app.js?held')).body === '1', 'it is with the program')
    socket.destroy()
    await until(async () => (await worker.ask('/app.js?held')).body === '0', 'it is no more')
  })

  it('a client that goes in the middle of its body harms nobody', async (test) => {
    const worker = await start(test, node)
    for (let count = 0; count < 20; count++) {
      const { socket } = speak(worker, ['POST /app.js HTTP/1.1', 'Content-Length: 1000'], 'some')
      socket.once('connect', () => setImmediate(() => socket.destroy()))
    }
    assert.equal((await worker.ask('/app.js', { method: 'POST', body: 'four' })).body, 'took 4')
  })

  it('a body that nobody has read is no matter to the next request on its connection', async (test) => {
    const worker = await start(test, node)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    test.after(() => agent.destroy())
    const body = 'x'.repeat(unreadBytes)
    for (const framing of [{ 'transfer-encoding': 'chunked' }, { 'content-length': `${unreadBytes}` }])
      for (const [url, status] of [
        ['/a.txt', 405],
        ['/none', 404],
      ] as const) {
        assert.equal((await worker.ask(url, { method: 'POST', headers: framing, body, agent })).status, status)
        assert.equal((await worker.ask('/a.txt', { agent })).body, 'a')
      }
  })

  it('a client that goes before its answer leaves no file open', async (test) => {
    const worker = await start(test, node)
    const gone = Array.from({ length: 200 }, () => {
      const { socket } = speak(worker, ['GET /a.txt HTTP/1.1'])
      socket.once('connect', () => setImmediate(() => socket.destroy()))
      return once(socket, 'close')
    })
    await Promise.all(gone)
    assert.equal((await worker.ask('/a.txt')).body, 'a')
    await until(() => openFiles(worker).length === 0, 'all are closed', 10_000)
    assert.doesNotMatch(worker.output(), /garbage collection/)
  })

  it('a body that fails half way is cut off, and does not look whole', async (test) => {
    const worker = await start(test, node)
    await assert.rejects(worker.ask('/app.js?half'), /aborted|hang up/)
    assert.equal((await worker.ask('/a.txt')).body, 'a')
  })

  it('a WebSocket goes through, and its client may break off; another protocol is offered in vain (I-31)', async (test) => {
    const worker = await start(test, node)
    const upgrade = ['GET /app.js HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket']
    const { socket, text } = speak(worker, upgrade)
    await until(() => text().includes('101 Switching'), 'it is taken')
    socket.write('hello')
    await until(() => text().endsWith('echo hello'), 'it speaks')
    socket.destroy()
    const refused = speak(worker, ['GET /missing HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket'])
    await until(() => refused.text().startsWith('HTTP/1.1 404 '), 'it is refused')
    const other = ['POST /app.js HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 4']
    const passed = speak(worker, other, 'four')
    await until(() => passed.text().includes('took 4'), 'it is an ordinary request')
    assert.equal((await worker.ask('/a.txt')).body, 'a')
  })
})

describe('rules', () => {
  it('that lead in a circle, explode or cannot be used end their own request, and the line names them (I-55)', async (test) => {
    const worker = await start(test, {
      'a.txt': 'a',
      ...rules(`<rule name="circle"><match url="^circle"/><action type="Rewrite" url="circle/{R:0}"/></rule>
        <rule name="bomb"><match url="^bomb/((?=(a+))\\2)*?(a+)+(a+)+(a+)+b$"/><action type="None"/></rule>
        <rule name="variable"><match url="^variable"/><serverVariables><set name="HTTP_X" value="1"/></serverVariables><action type="None"/></rule>
        <rule name="halves"><match url="^halves/(.)(.*)"/><action type="Rewrite" url="{R:1}-{R:2}"/></rule>
        <rule name="parts"><match url="^parts/(.*)"/><action type="Redirect" url="/{R:1}"/></rule>`),
    })
    assert.equal((await worker.ask('/circle')).status, 404)
    const bomb = await worker.ask(`/bomb/${'a'.repeat(2_000)}`)
    assert.equal(bomb.code, '500.50')
    assert.match(worker.output(), /the rule "bomb" failed/)
    assert.equal((await worker.ask('/variable')).code, '500.50')
    assert.match(worker.output(), /the rule "variable" failed.*allowedServerVariables/)
    assert.equal((await worker.ask('/halves/%F0%9F%98%80')).status, 404)
    const split = await worker.ask('/parts/a%0d%0aSet-Cookie:%20x=1')
    assert.equal(split.headers['set-cookie'], undefined)
    assert.equal((await worker.ask('/a.txt')).body, 'a')
  })
})

it('takes no request that is not the listener’s', async (test) => {
  const worker = await start(test, { 'a.txt': 'a' })
  const status = await new Promise((resolve) =>
    request({ socketPath: worker.socket, path: '/a.txt', agent: false }, (answer) =>
      resolve(answer.resume().statusCode),
    ).end(),
  )
  assert.equal(status, 400)
  assert.equal((await worker.ask('/a.txt', { site: 7 })).code, '404.0')
})
