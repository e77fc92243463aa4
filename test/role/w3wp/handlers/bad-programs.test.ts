import assert from 'node:assert/strict'
import http from 'node:http'
import { type TestContext, test } from 'node:test'
import { iisnode } from '../../../../src/role/w3wp/handlers/iisnode/driver.ts'
import { platform } from '../../../../src/role/w3wp/handlers/platform/driver.ts'
import { until } from '../../../until.ts'
import { ask, openSite, type Site } from './site.ts'

/** Behaves as the file `mode` says when it starts, and at `/bad`. */
const program = `
  const mode = require('fs').readFileSync('mode', 'utf8')
  const ways = {
    'exits before it answers': () => process.exit(1),
    'exits in the middle of its answer': (response) => response.writeHead(200).write('half', () => setImmediate(() => process.exit(1))),
    'writes half a body': (response) => { response.writeHead(200, { 'content-length': 100 }).write('half'); response.socket.end() },
    'writes half a head': (response) => response.socket.end('HTTP/1.1 200 OK\\r\\nX-Half'),
    'writes no HTTP': (response) => response.socket.end('hello there'),
    'writes a huge head': (response) => { try { response.socket.end('HTTP/1.1 200 OK\\r\\nX-Huge: ' + 'x'.repeat(200000) + '\\r\\n\\r\\n') } catch {} },
    'hangs': () => console.log('hanging'),
  }
  if (mode === 'exits at start') { console.error('no <database>'); process.exit(7) }
  if (mode === 'kills itself at start') process.kill(process.pid, 'SIGKILL')
  if (mode === 'never listens') setInterval(() => {}, 1000)
  else if (mode === 'listens elsewhere') require('http').createServer().listen(0, '127.0.0.1')
  else require('http').createServer((request, response) => {
    if (request.url === '/bad' && ways[mode]) return ways[mode](response)
    response.end('fine ' + process.pid)
  }).listen(process.env.HTTP_PLATFORM_PORT || process.env.ASPNETCORE_PORT || process.env.PORT)`

/** `short`: attributes that make the module wait a second only; a busy machine needs longer for a program that is well. */
const element = (short: string) =>
  `processPath="node.exe" arguments="server.js" startupTimeLimit="${short === 'start' ? 1 : 60}" requestTimeout="00:00:${short === 'answer' ? '01' : '59'}" rapidFailsPerMinute="100"`

const handlers = {
  iisnode: {
    driver: iisnode,
    config: (short: string) =>
      `<iisnode devErrorsEnabled="false" maxNamedPipeConnectionRetry="${short === 'start' ? 10 : 600}" namedPipeConnectionRetryDelay="100"/>`,
  },
  httpPlatformHandler: { driver: platform, config: (short: string) => `<httpPlatform ${element(short)}/>` },
  AspNetCoreModuleV2: { driver: platform, config: (short: string) => `<aspNetCore ${element(short)}/>` },
}

type Modules = keyof typeof handlers

/** What a user sees of it, by status and sub-status in the order of the handlers; `cut`: half of the answer, and its end. */
const table: readonly (readonly [mode: string, ...seen: readonly [string, string, string]])[] = [
  ['exits at start', '500.1002', '502.3', '502.5'],
  ['kills itself at start', '500.1002', '502.3', '502.5'],
  ['never listens', '500.1001', '502.3', '502.5'],
  ['listens elsewhere', '500.1001', '502.3', '502.5'],
  ['exits before it answers', '500.1013', '502.3', '502.3'],
  ['exits in the middle of its answer', 'cut', 'cut', 'cut'],
  ['writes half a body', 'cut', 'cut', 'cut'],
  ['writes half a head', '500.1013', '502.3', '502.3'],
  ['writes no HTTP', '500.1014', '502.3', '502.3'],
  ['writes a huge head', '500.1014', '502.3', '502.3'],
]

const open = (context: TestContext, modules: Modules, mode: string, short = '') =>
  openSite(context, {
    driver: handlers[modules].driver,
    config: handlers[modules].config(short),
    modules,
    files: { 'server.js': program, mode },
    script: 'server.js',
  })

async function isServed(site: Site, modules: Modules): Promise<void> {
  site.write({ mode: 'good' })
  site.configure(handlers[modules].config(''))
  // One that has just ended may not have been seen to: its next request is answered by another.
  await until(
    async () => /^fine \d+$/.test((await ask(site.url).catch(() => ({ body: '' }))).body),
    'the next request is served',
  )
}

for (const [index, modules] of (Object.keys(handlers) as Modules[]).entries()) {
  for (const [mode, ...seen] of table)
    test(`${modules}: a program that ${mode}: ${seen[index]}, and the next request is served`, async (context) => {
      const site = await open(context, modules, mode, /listens/.test(mode) ? 'start' : '')
      const answer = await ask(`${site.url}/bad`).then(
        ({ status, subStatus }) => `${status}.${subStatus}`,
        () => 'cut',
      )
      assert.equal(answer, seen[index], site.said.join('\n'))
      await isServed(site, modules)
      await site.close()
    })

  test(`${modules}: a program that hangs is left when its client goes, and serves others meanwhile`, async (context) => {
    const site = await open(context, modules, 'hangs')
    const request = http.get(`${site.url}/bad`, { agent: false })
    request.on('error', () => {})
    const { body } = await ask(site.url)
    request.destroy()
    assert.match(body, /^fine/)
    await isServed(site, modules)
  })
}

for (const modules of Object.keys(handlers) as Modules[])
  test(`${modules}: the end does not wait for a program that is being started`, async (context) => {
    const site = await open(context, modules, 'never listens')
    const asked = ask(site.url).catch(() => undefined)
    await until(() => site.processes().length === 1, 'the program is being started')
    await site.close()
    await asked
  })

test('a program that says nothing for the time that it has is 502.3 (I-33)', async (context) => {
  const site = await open(context, 'httpPlatformHandler', 'hangs', 'answer')
  const { status, subStatus, detail } = await ask(`${site.url}/bad`)
  assert.deepEqual([status, subStatus], [502, '3'])
  assert.match(detail, /said nothing for 1 s/)
})

test('the sentence names how the program ended and what it wrote last; iisnode shows developers the same with status 200 (I-42)', async (context) => {
  const site = await open(context, 'iisnode', 'exits at start')
  assert.match(
    (await ask(site.url)).detail,
    /server\.js".* ended with exit code 7 before it listened.* It wrote last: no <database>/,
  )
  site.configure('<iisnode/>')
  const { status, body, headers } = await ask(site.url)
  assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'])
  assert.match(body, /HTTP status: 500\nHTTP subStatus: 1002[^]*no &lt;database&gt;/)
})

test('a program that listens at a number of its own is told to listen at PORT (I-31)', async (context) => {
  const site = await open(context, 'iisnode', 'listens elsewhere', 'start')
  assert.match((await ask(site.url)).detail, /It listens at TCP port \d+ instead: .*process\.env\.PORT/)
})

test('a program that fails too often is not started for the rest of the minute (I-33)', async (context) => {
  const site = await open(context, 'httpPlatformHandler', 'exits at start')
  site.configure('<httpPlatform processPath="node" arguments="server.js" rapidFailsPerMinute="1"/>')
  for (let turn = 0; turn < 2; turn += 1) assert.match((await ask(site.url)).detail, /exit code 7/)
  site.write({ mode: 'good' })
  const { status, detail } = await ask(site.url)
  assert.equal(status, 502)
  assert.match(detail, /failed more than 1 times within a minute/)
})
