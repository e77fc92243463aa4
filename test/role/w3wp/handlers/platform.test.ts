import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { platform } from '../../../../src/role/w3wp/handlers/platform/driver.ts'
import { until } from '../../../until.ts'
import { ask, openSite } from './site.ts'

/** Answers with what it is asked for, as JSON. */
const echo = `
  const http = require('http')
  http.createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += piece))
    request.on('end', () => response.end(JSON.stringify({ url: request.url, headers: request.headers, body, pid: process.pid, argv: process.argv.slice(2), env: process.env })))
  }).listen(process.argv[2])
  console.log('<listening>')`

const python = `
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({'url': self.path, 'headers': {k.lower(): v for k, v in self.headers.items()}, 'cwd': os.getcwd(), 'argv': sys.argv[1:], 'env': dict(os.environ)}).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
print('python listens', flush=True)
http.server.HTTPServer(('127.0.0.1', int(os.environ['HTTP_PLATFORM_PORT'])), Handler).serve_forever()
`

const open = (
  context: TestContext,
  config: string,
  files: Readonly<Record<string, string>>,
  modules = 'httpPlatformHandler',
) => openSite(context, { driver: platform, modules, files, config, script: 'unused' })

const said = async (url: string, options = {}) => JSON.parse((await ask(url, options)).body)

test("a Python program of a package runs by the machine's Python, in the directory of its application, at a free port (I-33)", async (context) => {
  const site = await open(
    context,
    `<httpPlatform processPath="D:\\Python34\\python.exe" arguments=".\\App\\Server.py --port %HTTP_PLATFORM_PORT% a&amp;b" stdoutLogEnabled="true" stdoutLogFile="logs\\out.log">
       <environmentVariables><environmentVariable name="GREETING" value="at %HTTP_PLATFORM_PORT%"/></environmentVariables></httpPlatform>`,
    { 'app/server.py': python },
  )
  const { url, headers, cwd, argv, env } = await said(`${site.url}/x?y=z`, {
    headers: { 'X-Forwarded-Proto': 'https' },
  })
  assert.equal(url, '/x?y=z')
  assert.equal(cwd, site.directory)
  assert.deepEqual(argv, ['--port', env.HTTP_PLATFORM_PORT, 'a&b'])
  assert.equal(env.GREETING, `at ${env.HTTP_PLATFORM_PORT}`)
  assert.equal(headers['x-forwarded-for'], '203.0.113.7:40000')
  assert.equal(headers['x-forwarded-proto'], 'http')
  assert.equal(headers['x-forwarded-host'], headers.host)
  await until(() => readdirSync(site.directory).includes('logs'), 'the log')
  const [log = ''] = readdirSync(join(site.directory, 'logs'))
  assert.match(log, /^out_\d{14}_\d+\.log$/)
  assert.equal(readFileSync(join(site.directory, 'logs', log), 'utf8'), 'python listens\n')
})

test("a program of ASP.NET Core's module gets port, path and token, and the token comes with each request (I-46)", async (context) => {
  const config = '<aspNetCore processPath="node" arguments="server.js %ASPNETCORE_PORT%" hostingModel="InProcess"/>'
  const site = await open(context, config, { 'server.js': echo }, 'AspNetCoreModuleV2')
  const headers = { 'MS-ASPNETCORE-TOKEN': 'forged', 'MS-ASPNETCORE-WINAUTHTOKEN': 'forged' }
  const answer = await said(site.url, { headers, method: 'POST', body: 'sent' })
  assert.equal(answer.body, 'sent')
  assert.equal(answer.headers['ms-aspnetcore-token'], answer.env.ASPNETCORE_TOKEN)
  assert.equal(answer.headers['ms-aspnetcore-winauthtoken'], undefined)
  assert.equal(answer.env.ASPNETCORE_APPL_PATH, '/')
  assert.equal(answer.argv[0], answer.env.ASPNETCORE_PORT)
  assert.ok(site.said.includes('aspNetCore /: <listening>'), site.said.join('\n'))
  assert.equal(site.said.filter((line) => line.includes('hostingModel="inprocess" is passed over')).length, 1)
})

test('app_offline.htm ends the program and is shown until it is taken away', async (context) => {
  const config = '<aspNetCore processPath="node" arguments="server.js %ASPNETCORE_PORT%"/>'
  const site = await open(context, config, { 'server.js': echo }, 'AspNetCoreModule')
  await ask(site.url)
  site.write({ 'App_Offline.htm': 'back soon' })
  const { status, body } = await ask(site.url)
  assert.deepEqual([status, body], [503, 'back soon'])
  await until(() => site.processes().length === 0, 'the program has ended')
  rmSync(join(site.directory, 'App_Offline.htm'))
  assert.equal((await ask(site.url)).status, 200)
})

const unrunnable: readonly (readonly [processPath: string, sentence: RegExp])[] = [
  ['', /no program is named to be started; say one in processPath/],
  ['%LAUNCHER_PATH%', /%LAUNCHER_PATH% is a placeholder, which the tools of ASP\.NET Core fill in/],
  [
    '.\\bin\\App.exe',
    /"\.\/bin\/App\.exe" is a program for Windows and cannot run here\. Put "App\.sh" or "App" beside it/,
  ],
  ['no-such-program', /"no-such-program" asks for no-such-program, which this machine has not on its PATH/],
]

for (const [processPath, sentence] of unrunnable)
  test(`a processPath that cannot run here is 502.3 with a sentence: "${processPath}"`, async (context) => {
    const site = await open(context, `<httpPlatform processPath="${processPath}"/>`, { 'bin/App.exe': 'MZ' })
    const { status, subStatus, detail } = await ask(site.url)
    assert.deepEqual([status, subStatus], [502, '3'])
    assert.match(detail, sentence)
  })

test('a file beside a program for Windows stands in for it', async (context) => {
  const files = {
    'bin/App.exe': 'MZ',
    'bin/app.sh': '#!/bin/sh\nexec node "$(dirname "$0")/../server.js" "$HTTP_PLATFORM_PORT" stood-in\n',
    'server.js': echo,
  }
  const site = await open(context, '<httpPlatform processPath=".\\bin\\App.exe"/>', files)
  chmodSync(join(site.directory, 'bin/app.sh'), 0o755)
  assert.equal((await said(site.url)).argv[1], 'stood-in')
})

test('a client that goes takes its request with it, and bodies stream both ways with back-pressure', async (context) => {
  const server = `
    let gone = 0
    require('http').createServer((request, response) => {
      if (request.url === '/gone') return response.end(String(gone))
      request.on('close', () => { if (!response.writableEnded) gone += 1 })
      if (request.url === '/wait') return response.write('begun')
      request.pipe(response)
    }).listen(process.env.HTTP_PLATFORM_PORT)`
  const site = await open(context, '<httpPlatform processPath="node" arguments="server.js"/>', { 'server.js': server })
  const request = http.get(`${site.url}/wait`, { agent: false })
  request.on('error', () => {})
  const answer = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve))
  answer.on('error', () => {})
  answer.once('data', () => request.destroy())
  await until(async () => (await ask(`${site.url}/gone`)).body === '1', 'the program hears of it')
  const body = 'abcdefgh'.repeat(1_000_000)
  assert.equal((await ask(site.url, { method: 'POST', body, headers: { 'Transfer-Encoding': 'chunked' } })).body, body)
  assert.equal(
    (await ask(site.url, { method: 'POST', body, headers: { Expect: '100-continue', 'Content-Length': body.length } }))
      .body.length,
    body.length,
  )
})

test('programs die with w3wp, however that ends', async (context) => {
  const site = await open(context, '', { 'server.js': 'setInterval(() => {}, 1000)' })
  const start = new URL('../../../../src/role/w3wp/handlers/program/start-program.ts', import.meta.url).href
  const guard = new URL('../../../../src/role/w3wp/handlers/program/guard.ts', import.meta.url).href
  const script = `
    const { startProgram } = await import('${start}'); const { openGuard } = await import('${guard}')
    const program = await startProgram({ path: 'node', words: 'server.js', directory: '${site.directory}', environment: process.env, output() {} }, openGuard())
    console.log(program.value.pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(String(text)))))
  context.after(() => child.kill('SIGKILL'))
  await until(() => site.processes().includes(pid), 'the program runs')
  child.kill('SIGKILL')
  await until(() => !site.processes().includes(pid), 'the program is gone')
})
