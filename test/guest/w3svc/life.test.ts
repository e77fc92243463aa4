/** The listener as a process of its own, with processes of pools that stand for w3wp (I-2, I-23 to I-26, S-19). */
import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { Agent, request as ask, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type BootstrapperStart, runNames } from '../../../src/guest/bootstrapper/protocol.ts'
import type { FromW3svc, ToW3svc } from '../../../src/guest/w3svc/words.ts'
import { timerDefaults } from '../../../src/kernel/timers.ts'
import { askJsonLines } from '../../../src/machine/guest-os/ask-json-lines.ts'
import { identityOf, isAlive } from '../../../src/machine/process.ts'
import { roleVariables } from '../../../src/role/contract/variables.ts'
import type { SiteBinding } from '../../../src/service-model/application-host/application-host.ts'
import { poolDefaults } from '../../../src/service-model/application-host/application-host.ts'
import { baseApplicationHost, withSites } from '../../../src/service-model/application-host/write-application-host.ts'
import { writeRoleEnvironment } from '../../../src/service-model/role-environment.ts'
import { bundleOf } from '../../bundle.ts'
import { until } from '../../until.ts'
import { freePort } from './listener.ts'

let programs = ''
before(() => {
  programs = mkdtempSync(join(tmpdir(), 'w3svc-programs-'))
  for (const program of ['W3SVC', 'preload', 'runtime'])
    copyFileSync(bundleOf(program), join(programs, `${program}.mjs`))
  writeFileSync(join(programs, 'w3wp.mjs'), `import ${JSON.stringify(join(import.meta.dirname, 'fixtures/w3wp.ts'))}\n`)
})
after(() => rmSync(programs, { recursive: true }))

/** A guest in which the listener runs, with one site of one pool. */
interface Web {
  readonly port: number
  readonly listener: ChildProcess
  readonly tell: (message: ToW3svc) => Promise<FromW3svc>
  /** Makes a file in the directory in which the processes of the pool run, which tells them what to do. */
  readonly put: (name: string) => void
  readonly remove: (name: string) => void
  readonly get: (path: string, agent?: Agent) => Promise<Answer>
  /** Process of the pool that answers. */
  readonly pid: () => Promise<number>
  /** Writes the configuration anew. */
  readonly configure: (edit: (text: string) => string, bindings?: readonly SiteBinding[]) => string
  /** Lines of a log below the guest's root, without those that begin with #. */
  readonly lines: (directory: string) => readonly string[]
  readonly stop: () => void
}

interface Answer {
  readonly status: number
  readonly connection: string | undefined
  readonly body: string
}

const logs = 'c/Resources/Directory/d.Web.DiagnosticStore/LogFiles/W3SVC1'
const errors = 'd/Windows/System32/LogFiles/HTTPERR'
const system = 'd/Windows/System32/Winevt/Logs'

async function inWeb(act: (web: Web) => Promise<void>, load = true): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'w3-'))
  const [run, roleRoot, config] = ['run', 'e', 'd/config'].map((name) => join(root, name)) as [string, string, string]
  for (const directory of [run, roleRoot, config, join(root, 'c')]) mkdirSync(directory, { recursive: true })
  const put = (name: string, text = '') => writeFileSync(join(root, name), text)
  const instance = { id: 'Web_IN_0', roleName: 'Web', faultDomain: 0, updateDomain: 0, settings: {}, endpoints: [] }
  const localResources = [{ name: 'DiagnosticStore', path: `${root}/`, sizeInMB: 100 }]
  const currentInstance = { ...instance, localResources }
  put('environment.xml', writeRoleEnvironment({ deploymentId: 'd', emulated: false, currentInstance, roles: [] }))
  const settings = { key: 'd.Web_IN_0', root, run, programs, address: '127.0.0.1', timers: timerDefaults }
  const start = { settings, owner: { deploymentId: 'd', role: 'Web' }, instance: 'Web_IN_0', roleRoot }
  put(
    'run/start.json',
    JSON.stringify(start satisfies Pick<BootstrapperStart, 'owner' | 'instance' | 'roleRoot'> & object),
  )
  const runtime = fork(join(import.meta.dirname, 'fixtures/runtime.ts'), [run, join(root, 'environment.xml')])
  const [versionEndpoint] = (await once(runtime, 'message')) as [string]
  const env = {
    PATH: process.env['PATH'],
    NODE_OPTIONS: `--import=${pathToFileURL(join(programs, 'preload.mjs')).href}`,
    [roleVariables.listenAddress]: '127.0.0.1',
    [roleVariables.portMap]: '80=8080',
    [roleVariables.runtimeEndpoint]: versionEndpoint,
    [roleVariables.roleEnvironment]: join(root, 'environment.xml'),
  }
  const output = join(root, 'c/Resources/Directory/d.Web')
  mkdirSync(output, { recursive: true })
  const listener = spawn(process.execPath, [join(programs, 'W3SVC.mjs'), join(run, 'start.json')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const port = await freePort()
  const binding: SiteBinding = { protocol: 'http', address: '127.0.0.1', port, hostHeader: '' }
  const file = join(config, 'applicationHost.config')
  const web: Web = {
    port,
    listener,
    tell: (question) =>
      askJsonLines({
        path: join(run, runNames.webServer),
        question,
        read: (value) => value as FromW3svc,
        limitMs: 30_000,
      }),
    put: (name) => put(`e/${name}`),
    remove: (name) => rmSync(join(roleRoot, name)),
    get: (path, agent) => answerTo(port, path, agent),
    pid: async () => Number((await answerTo(port, '/')).body),
    configure(edit, bindings = [binding]) {
      const applications = [{ path: '/', pool: 'pool', directories: [{ path: '/', physicalPath: roleRoot }] }]
      const site = { name: 'Web_IN_0_Web', id: 1, bindings, logDirectory: join(root, logs, '..'), applications }
      const text = withSites(baseApplicationHost(), { pools: [{ name: 'pool', ...poolDefaults }], sites: [site] })
      writeFileSync(file, edit(text))
      return file
    },
    lines(directory) {
      const at = join(root, directory)
      const files = existsSync(at) ? readdirSync(at).toSorted() : []
      const all = files.flatMap((name) => readFileSync(join(at, name), 'utf8').split(/\r?\n/))
      return all.filter((line) => line !== '' && !line.startsWith('#'))
    },
    stop: () => void runtime.send(Date.now() + 60_000),
  }
  try {
    if (load)
      assert.deepEqual(await web.tell({ kind: 'load', file: web.configure((text) => text) }), {
        kind: 'loaded',
        problems: [],
      })
    await act(web)
  } finally {
    if (listener.exitCode === null) {
      writeFileSync(join(roleRoot, 'release'), '')
      await web.tell({ kind: 'stopPools' })
      listener.kill('SIGKILL')
    }
    runtime.disconnect()
    await until(() => processesIn(roleRoot).length === 0, 'all processes have ended')
    rmSync(root, { recursive: true })
  }
}

/** Processes that run in that directory. */
function processesIn(directory: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory.replace(/\/e$/, '/run/p'))
      } catch {
        return false
      }
    })
}

/** Rejects when there is no answer, or not all of it. */
function answerTo(port: number, path: string, agent?: Agent, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, ...(agent ? { agent } : { agent: false as const }) }
    const method = body === '' ? 'GET' : 'POST'
    const sent = ask({ ...options, method, headers: { 'content-length': body.length } }, (answer: IncomingMessage) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection, body: text }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('W3SVC', () => {
  it('listens on nothing before it is told to, and starts a process of a pool for its first requests (I-23, S-19)', () =>
    inWeb(async (web) => {
      await assert.rejects(web.get('/'), { code: 'ECONNREFUSED' })
      assert.deepEqual(await web.tell({ kind: 'load', file: web.configure((text) => text) }), {
        kind: 'loaded',
        problems: [],
      })
      const answers = await Promise.all(Array.from({ length: 10 }, () => web.pid()))
      assert.equal(new Set(answers).size, 1)
      await until(() => web.lines(logs).length === 10, 'the lines of the web log')
      const [pid = 0] = answers
      assert.equal(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0], 'w3wp')
      assert.equal(readFileSync(`/proc/${web.listener.pid}/comm`, 'utf8'), 'W3SVC\n')
    }, false))

  it('lets requests wait for a process, as many as the pool allows', () =>
    inWeb(async (web) => {
      web.put('held')
      await web.tell({
        kind: 'load',
        file: web.configure((text) => text.replace('name="pool"', '$& queueLength="10"')),
      })
      const waiting = Array.from({ length: 11 }, () => web.get('/'))
      const { status, body } = await Promise.race(waiting)
      assert.equal(status, 503)
      assert.match(body, /The service is unavailable/)
      web.remove('held')
      const statuses = (await Promise.all(waiting)).map((answer) => answer.status)
      assert.equal(statuses.filter((status) => status === 200).length, 10)
      await until(() => web.lines(errors).length === 1, 'the line')
      assert.match(web.lines(errors)[0] ?? '', / HTTP\/1\.1 GET \/ - 503 1 QueueFull pool$/)
    }))

  it('stops a pool whose processes fail five times, until it is started again (I-25)', () =>
    inWeb(async (web) => {
      web.put('broken')
      assert.equal((await web.get('/')).status, 503)
      await until(() => web.lines(errors).length === 1, 'the line')
      assert.match(web.lines(errors)[0] ?? '', / 503 1 AppOffline pool$/)
      const events = () => web.lines(system).map((line) => /\[(\d+)\]/.exec(line)?.[1])
      await until(() => events().includes('5002'), 'the event')
      assert.deepEqual(events(), ['5009', '5009', '5009', '5009', '5009', '5002'])
      web.remove('broken')
      assert.equal((await web.get('/')).status, 503)
      assert.deepEqual(await web.tell({ kind: 'startPool', pool: 'POOL' }), { kind: 'done' })
      assert.equal((await web.get('/')).status, 200)
      assert.equal((await web.tell({ kind: 'startPool', pool: 'constructor' })).kind, 'refused')
    }))

  it('loses no request while processes take turns (I-26)', () =>
    inWeb(async (web) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 8 })
      const end = new AbortController()
      const pids = new Set<string>()
      const ask = async (path: string, body: string) => {
        let count = 0
        for (; !end.signal.aborted; count++) {
          const answer = await answerTo(web.port, path, agent, body)
          assert.equal(answer.status, 200)
          pids.add(answer.body)
        }
        return count
      }
      const load = Promise.all(
        ['/', '/slow', '/', '/slow'].flatMap((path) => [ask(path, ''), ask(path, 'x'.repeat(9_999))]),
      )
      for (let turn = 1; turn <= 4; turn++) {
        const seen = pids.size
        await until(() => pids.size > seen || seen >= turn, `process ${turn} answers`)
        await web.tell({ kind: 'recyclePool', pool: 'pool' })
        await until(() => pids.size > turn, 'another process answers')
      }
      end.abort()
      const counts = await load
      agent.destroy()
      await until(() => [...pids].filter((pid) => identityOf(Number(pid))).length === 1, 'the old processes have ended')
      assert.deepEqual(web.lines(errors), [])
      const all = counts.reduce((sum, count) => sum + count)
      await until(() => web.lines(logs).length === all, 'a line for each request')
    }))

  it('takes the connection from who was with a process that is killed, and serves the others (G-12)', () =>
    inWeb(async (web) => {
      const pid = await web.pid()
      await assert.rejects(web.get('/die'), { code: 'ECONNRESET' })
      assert.notEqual(await web.pid(), pid)
      await until(() => web.lines(errors).length === 1, 'the line')
      assert.match(web.lines(errors)[0] ?? '', / GET \/die - - 1 Connection_Abandoned_By_ReqQueue pool$/)
      const held = web.get('/hold')
      await until(async () => (await web.pid()) > 0, 'it serves')
      const failed = assert.rejects(held)
      process.kill(await web.pid(), 'SIGKILL')
      await failed
    }))

  it('does what the file says when it changes: bindings come and go, and what a process has read is read anew', () =>
    inWeb(async (web) => {
      const pid = await web.pid()
      const other = await freePort()
      const binding = { protocol: 'http', address: '127.0.0.1', port: other, hostHeader: '' } as const
      web.configure((text) => text, [binding])
      await until(
        () =>
          answerTo(other, '/').then(
            ({ status }) => status === 200,
            () => false,
          ),
        'the new binding',
      )
      await assert.rejects(web.get('/'), { code: 'ECONNREFUSED' })
      assert.equal(Number((await answerTo(other, '/')).body), pid)
      web.configure(
        (text) => text.replace('</configuration>', '<appSettings><add key="a" value="b"/></appSettings>$&'),
        [binding],
      )
      await until(async () => Number((await answerTo(other, '/')).body) !== pid, 'another process')
    }))

  it('says what it cannot do, and keeps what was when the file is none', () =>
    inWeb(async (web) => {
      const file = web.configure(() => '<configuration>')
      const answer = await web.tell({ kind: 'load', file })
      assert.ok(answer.kind === 'loaded' && answer.problems.length > 0)
      assert.equal((await web.get('/')).status, 200)
      assert.deepEqual(await web.tell({ kind: 'load', file: '/nowhere' }), {
        kind: 'loaded',
        problems: ['/nowhere: there is no such file or directory.'],
      })
      const taken = { protocol: 'https', address: '127.0.0.1', port: web.port, hostHeader: '' } as const
      const http = { ...taken, protocol: 'http' } as const
      const both = await web.tell({ kind: 'load', file: web.configure((text) => text, [http, taken]) })
      assert.deepEqual(both, {
        kind: 'loaded',
        problems: [
          `127.0.0.1:${web.port}: is not served: the binding names no certificate.`,
          `The listener cannot listen on 127.0.0.1:${web.port}: another process listens there already.`,
        ],
      })
    }))

  it('that has been told nothing ends with the role at once', () =>
    inWeb(async (web) => {
      const exit = once(web.listener, 'exit')
      // It may not have heard of the runtime yet.
      await until(() => {
        web.stop()
        return web.listener.exitCode !== null
      }, 'the end')
      assert.deepEqual(await exit, [0, null])
    }, false))

  it('removes all sites and processes before the next start (S-10)', () =>
    inWeb(async (web) => {
      const pid = await web.pid()
      assert.deepEqual(await web.tell({ kind: 'stopPools' }), { kind: 'removed' })
      await assert.rejects(web.get('/'), { code: 'ECONNREFUSED' })
      await until(() => identityOf(pid) === undefined, 'the process has ended')
    }))

  it('ends with the role: what is in flight first, then its processes, then itself (I-2, H-27)', () =>
    inWeb(async (web) => {
      const agent = new Agent({ keepAlive: true })
      const pid = Number((await web.get('/', agent)).body)
      const identity = identityOf(pid)
      assert.ok(identity)
      const head = once(get({ port: web.port, host: '127.0.0.1', path: '/hold', agent: false }), 'response')
      const [held] = (await head) as [IncomingMessage]
      const exit = once(web.listener, 'exit')
      web.stop()
      await until(
        () => Object.values(agent.freeSockets).flat().length === 0,
        'a connection on which nobody asks is ended',
      )
      assert.ok(isAlive(identity))
      web.put('release')
      let body = ''
      for await (const part of held.setEncoding('utf8')) body += part
      assert.equal(Number(body), pid)
      assert.deepEqual(await exit, [0, null])
      assert.equal(isAlive(identity), false)
      assert.equal(web.lines(logs).length, 2)
    }))
})
