import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { iisnode } from '../../../../src/role/w3wp/handlers/iisnode/driver.ts'
import { until } from '../../../until.ts'
import { startWorker, webConfig } from '../worker.ts'
import { ask, openSite } from './site.ts'

const open = (
  context: TestContext,
  server: string,
  config = '<iisnode/>',
  files: Readonly<Record<string, string>> = {},
) =>
  openSite(context, {
    driver: iisnode,
    modules: 'iisnode',
    files: { 'server.js': server, ...files },
    config,
    script: 'server.js',
  })

/** Answers with what it is asked for, as JSON. */
const echo = `
  const http = require('http')
  http.createServer((request, response) => {
    if (request.url === '/exit') process.exit(3)
    let body = ''
    request.on('data', (piece) => (body += piece))
    request.on('end', () => {
      console.log('asked for ' + request.url)
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-reddog-answer', 's=9')
      response.end(JSON.stringify({
        url: request.url, method: request.method, headers: request.headers, body, pid: process.pid,
        cwd: process.cwd(), main: require.main === module, argv: process.argv.slice(1), env: process.env,
      }))
    })
  }).listen(process.env.PORT)`

const said = async (url: string, options = {}) => JSON.parse((await ask(url, options)).body)

test('a Node program gets a socket in PORT and port, its own directory, and the settings of its application (I-31, I-38, I-40)', async (context) => {
  const site = await open(context, echo, '<iisnode node_env="production"/>')
  site.configure('<iisnode node_env="production"/>', { GREETING: 'hello', 'Shop.Name:Long': 'x', PORT: '80' })
  const answer = await said(`${site.url}/a%20b?c=d`)
  assert.equal(answer.url, '/a%20b?c=d')
  assert.equal(answer.env.PORT, answer.env.port)
  assert.match(answer.env.PORT, /^\/.*\/n1$/)
  assert.equal(answer.env.GREETING, 'hello')
  assert.equal(answer.env['Shop.Name:Long'], 'x')
  assert.equal(answer.env.NODE_ENV, 'production')
  assert.match(answer.env.IISNODE_VERSION, /^0\.2\./)
  assert.equal(answer.cwd, site.directory)
  assert.equal(answer.main, true)
  assert.deepEqual(answer.argv, [join(site.directory, 'server.js')])
})

test("bodies and fields go through, and the connection is the server's own", async (context) => {
  const site = await open(context, echo)
  const headers = { 'X-One': 'a', Connection: 'close, X-Mine', 'X-Mine': 'secret', 'x-iisnode-url': '/spoofed' }
  const answer = await said(site.url, { method: 'POST', body: 'x'.repeat(300_000), headers })
  assert.equal(answer.body.length, 300_000)
  assert.equal(answer.headers['x-one'], 'a')
  assert.equal(answer.headers['x-mine'], undefined)
  assert.equal(answer.headers['x-iisnode-url'], undefined)
  assert.equal(answer.headers['x-forwarded-for'], undefined)
  assert.equal((await said(site.url, { method: 'PUT' })).body, '')
  const head = await ask(site.url, { method: 'HEAD' })
  assert.deepEqual([head.status, head.body], [200, ''])
  assert.equal(head.headers['x-reddog-answer'], undefined, 'what w3wp tells the listener no program can say')
})

test("server variables and the client's address are told where the settings say so (I-41)", async (context) => {
  const site = await open(
    context,
    echo,
    '<iisnode promoteServerVars="URL, REQUEST_METHOD,NONE" enableXFF="true" debugHeaderEnabled="true"/>',
  )
  const { headers } = await said(site.url, { headers: { 'X-Forwarded-For': '198.51.100.1' } })
  assert.equal(headers['x-iisnode-url'], '/server.js')
  assert.equal(headers['x-iisnode-request_method'], 'GET')
  assert.equal(headers['x-iisnode-none'], undefined)
  assert.equal(headers['x-forwarded-for'], '198.51.100.1, 203.0.113.7')
  assert.equal(headers['x-forwarded-proto'], 'http')
  assert.match(String((await ask(site.url)).headers['iisnode-debug']), /node_pid=\d+/)
  for (const [sent, received] of [
    ['198.51.100.1,203.0.113.7', '198.51.100.1,203.0.113.7'],
    ['1203.0.113.7', '1203.0.113.7, 203.0.113.7'],
    ['198.51.100.1, x203.0.113.7', '198.51.100.1, x203.0.113.7, 203.0.113.7'],
  ] as const) {
    const answer = await said(site.url, { headers: { 'X-Forwarded-For': sent } })
    assert.equal(answer.headers['x-forwarded-for'], received)
  }
})

test('a server variable that is no ASCII is told in UTF-8, whichever signs it has (I-41)', async (context) => {
  const program = `require('http').createServer((req, res) => res.end(Buffer.from(req.headers['x-iisnode-url'], 'latin1'))).listen(process.env.PORT)`
  const names = ['é.js', '日é.js', 'a.js']
  const config = webConfig(
    '<handlers><add name="n" path="*.js" verb="*" modules="iisnode"/></handlers><iisnode promoteServerVars="URL"/>',
  )
  const worker = await startWorker([
    { files: { ...config, ...Object.fromEntries(names.map((one) => [one, program])) } },
  ])
  context.after(worker.close)
  for (const name of names) assert.equal((await worker.ask(`/${encodeURIComponent(name)}`)).body, `/${name}`)
})

test('iisnode.yml beside the script wins over the element, whatever its case, and is never served (I-41, I-44)', async (context) => {
  const yml =
    '# ours\r\nnode_env: staging # not production\r\nwatchedFiles: *.js;*.json\r\nloggingEnabled: no\r\nunknown: 1\r\n'
  const site = await open(context, echo, '<iisnode node_env="production"/>', { 'IISNode.yml': yml })
  const { env } = await said(site.url)
  assert.equal(env.NODE_ENV, 'staging')
  assert.equal(existsSync(join(site.directory, 'iisnode')), false)
  site.write({ 'IISNode.yml': 'node_env: "late"' })
  await until(async () => (await said(site.url)).env.NODE_ENV === 'late', 'the new settings are in force')
  site.write({ 'IISNode.yml': 'devErrorsEnabled: maybe' })
  await until(async () => /devErrorsEnabled is true or false/.test((await ask(site.url)).body), 'the bad line is named')
})

test('what a program writes is in files beside the script, named for computer, process and time', async (context) => {
  const site = await open(context, echo, '<iisnode maxLogFileSizeInKB="1" maxLogFiles="3"/>')
  const { pid } = await said(site.url)
  const logs = join(site.directory, 'iisnode')
  await until(() => existsSync(logs) && readdirSync(logs).length === 1, 'a log')
  const [name = ''] = readdirSync(logs)
  assert.match(name, new RegExp(`^.+-${pid}-stdout-\\d+\\.txt$`))
  await until(() => readFileSync(join(logs, name), 'utf8') === 'asked for /\n', 'the line')
  for (let turn = 0; turn < 12; turn += 1) await ask(`${site.url}/${'x'.repeat(900)}`)
  await until(() => readdirSync(logs).length > 1, 'another file')
  assert.ok(readdirSync(logs).length <= 3)
})

test('several processes take turns', async (context) => {
  const site = await open(context, echo, '<iisnode nodeProcessCountPerApplication="2"/>')
  const pids = new Set<number>()
  for (let turn = 0; turn < 4; turn += 1) pids.add((await said(site.url)).pid)
  assert.equal(pids.size, 2)
})

test('a program has as many requests at once as it may, and no more', async (context) => {
  const hanging = echo.replace(
    "if (request.url === '/exit')",
    "if (request.url === '/hang') return response.write('begun'); if (request.url === '/exit')",
  )
  const site = await open(context, hanging, '<iisnode maxConcurrentRequestsPerProcess="1" devErrorsEnabled="false"/>')
  const { pid } = await said(site.url)
  const request = http.get(`${site.url}/hang`, { agent: false })
  request.on('error', () => {})
  await new Promise((resolve) => request.once('response', (answer) => resolve(answer.on('error', () => {}))))
  const { status, subStatus } = await ask(site.url)
  assert.deepEqual([status, subStatus], [503, '1002'])
  request.destroy()
  await until(async () => (await ask(site.url)).status === 200, 'there is room again')
  assert.equal((await said(site.url)).pid, pid)
})

test('a change of a watched file starts the program anew, and no request is lost (I-41)', async (context) => {
  const slow = echo.replace(
    "request.on('end', () => {",
    "request.on('end', async () => { if (request.url === '/slow') await new Promise((resolve) => require('fs').watch('.', (_, name) => name === 'go' && resolve()))\n",
  )
  const site = await open(context, slow)
  const first = await said(site.url)
  const under = said(`${site.url}/slow`)
  site.write({ 'other.js': '' })
  await until(async () => (await said(site.url)).pid !== first.pid, 'another process answers')
  site.write({ go: '' })
  assert.equal((await under).pid, first.pid)
  await until(() => !site.processes().includes(first.pid), 'the former process has ended')
})

test('changes under load lose no request', async (context) => {
  const site = await open(context, echo, '<iisnode nodeProcessCountPerApplication="2" devErrorsEnabled="false"/>')
  const pids = new Set<number>()
  const over = new AbortController()
  const client = async () => {
    while (!over.signal.aborted) {
      const { status, body } = await ask(site.url, { method: 'POST', body: 'x'.repeat(10_000) })
      assert.equal(status, 200, body)
      pids.add(JSON.parse(body).pid)
    }
  }
  const clients = Promise.all([1, 2, 3, 4].map(client))
  for (const wanted of [2, 4, 6]) {
    await Promise.race([clients, until(() => pids.size >= wanted, `${wanted} processes have answered`)])
    site.write({ 'other.js': String(wanted) })
  }
  over.abort()
  await clients
  await until(() => site.processes().length <= 4, 'former processes have ended')
})

test('a program may ask to be started anew (recycleSignalEnabled)', async (context) => {
  const site = await open(context, echo, '<iisnode recycleSignalEnabled="true"/>')
  const { pid, env } = await said(site.url)
  connect(env.IISNODE_CONTROL_PIPE).end('recycle')
  await until(async () => (await said(site.url)).pid !== pid, 'another process answers')
})

test('a WebSocket goes through, and ends at both sides together', async (context) => {
  const upgrading = `
    const server = require('http').createServer((request, response) => response.end('plain'))
    server.on('upgrade', (request, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: ' + request.headers.upgrade + '\\r\\nX-Own: yes\\r\\n\\r\\n')
      socket.on('data', (piece) => (String(piece) === 'end' ? socket.end('bye') : socket.write('you said ' + piece)))
    })
    server.listen(process.env.PORT)`
  const site = await open(context, upgrading)
  const request = http.request(site.url, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } }).end()
  const [answer, socket] = await new Promise<[http.IncomingMessage, NodeJS.ReadWriteStream]>((resolve) =>
    request.once('upgrade', (message, stream) => resolve([message, stream])),
  )
  assert.deepEqual([answer.statusCode, answer.headers['x-own'], answer.headers.upgrade], [101, 'yes', 'websocket'])
  let heard = ''
  socket.on('data', (piece) => (heard += String(piece)))
  socket.write('one')
  await until(() => heard === 'you said one', 'the echo')
  socket.write('end')
  await until(() => heard.endsWith('bye'), 'the end')
  assert.equal((await ask(site.url)).body, 'plain')
})

test('early hints and trailers of a program stay there, and its answer comes whole', async (context) => {
  const server = `require('http').createServer((request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.writeHead(200, { trailer: 'x-sum' })
    response.write('all of ')
    response.addTrailers({ 'x-sum': '7' })
    response.end('it')
  }).listen(process.env.PORT)`
  const site = await open(context, server)
  const request = http.get(site.url, { agent: false })
  request.on('information', ({ statusCode }) => assert.fail(`${statusCode}`))
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
  assert.equal(await text(answer), 'all of it')
  assert.deepEqual([answer.headers.trailer, answer.trailers], [undefined, {}])
})

test('a program that answers before it has read a body is heard by a client that still writes', async (context) => {
  const server = `require('http').createServer((request, response) => {
    response.statusCode = 401
    response.end('sign in first')
  }).listen(process.env.PORT)`
  const site = await open(context, server)
  for (let time = 0; time < 20; time += 1) {
    const request = http.request(site.url, { method: 'POST', agent: false, headers: { connection: 'keep-alive' } })
    request.on('error', () => {})
    const answered = once(request, 'response')
    const part = Buffer.alloc(65_536)
    let isAnswered = false
    const write = () => void (isAnswered || request.write(part, () => setImmediate(write)))
    write()
    const [answer] = (await answered) as [http.IncomingMessage]
    isAnswered = true
    assert.equal(answer.statusCode, 401)
    request.destroy()
  }
})
