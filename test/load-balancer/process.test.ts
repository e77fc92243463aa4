import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { PublicEndpoint, RotationReport, RotationTable } from '../../src/fabric/contract/rotation.ts'
import type { LoadBalancerOptions } from '../../src/fabric/load-balancer/options.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { serveJson } from '../../src/machine/http/serve-json.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'
import { anyPoison, placesIn, withPoison } from './poison.ts'
import { ask, dial, endpoint, freshVip, member, origin, silentLog, workerProgram } from './rig.ts'

const main = bundleOf('LoadBalancer')

let directory: string
let authority: KeyAndCertificate
let balancerCertificate: KeyAndCertificate
let controllerCertificate: KeyAndCertificate

/** The controller's end of the link: it serves a table and keeps the reports. */
interface Controller {
  readonly port: number
  readonly reports: RotationReport[]
  /** The next version of the table. */
  publish(endpoints: readonly PublicEndpoint[]): number
  stop(): Promise<void>
}

async function startController(t: TestContext, firstVersion = 1, port = 0): Promise<Controller> {
  let table: RotationTable = { version: firstVersion - 1, endpoints: [] }
  const waiting = new Set<() => void>()
  const reports: RotationReport[] = []
  const allows = (peer: string) => peer === party.loadBalancer
  const server = await serveJson({
    address: '127.0.0.1',
    port,
    tls: {
      ca: authority.certificatePem,
      cert: controllerCertificate.certificatePem,
      key: controllerCertificate.keyPem,
    },
    log: silentLog,
    routes: [
      {
        method: 'GET',
        path: fabricPaths.rotation,
        allows,
        async handle({ query, signal }) {
          const known = Number(query.get('after'))
          if (table.version <= known)
            await new Promise<void>((resolve) => {
              waiting.add(resolve)
              signal.addEventListener('abort', () => resolve())
              setTimeout(resolve, Number(query.get('wait')))
            })
          return table.version > known ? { json: table } : undefined
        },
      },
      {
        method: 'POST',
        path: fabricPaths.rotationReport,
        allows,
        async handle({ body }) {
          reports.push(body as RotationReport)
          return undefined
        },
      },
    ],
  })
  let running = true
  const stop = async () => {
    if (running) await server.close()
    running = false
  }
  t.after(stop)
  return {
    port: server.port,
    reports,
    publish(endpoints) {
      table = { version: table.version + 1, endpoints }
      for (const wake of waiting) wake()
      waiting.clear()
      return table.version
    },
    stop,
  }
}

interface Balancer {
  readonly process: ChildProcess
  readonly ready: () => boolean
}

/** A balancer with a data directory of that name; the timers are fast. `descriptors` limits how many files and sockets it may have open. */
function startBalancer(t: TestContext, name: string, controllerPort: number, descriptors = 1_024): Balancer {
  const file = (suffix: string) => join(directory, `${name}.${suffix}`)
  const options: LoadBalancerOptions = {
    controllerUrl: `https://127.0.0.1:${controllerPort}`,
    tls: { ca: join(directory, 'ca.pem'), cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') },
    dataDirectory: file('data'),
    timers: { ...timerDefaults, heartbeatInterval: 200, drainLimit: 5_000 },
    readyFile: file('ready'),
    logFile: file('log'),
    localhost: freshVip(),
    workers: { program: workerProgram, count: 1 },
  }
  rmSync(options.readyFile, { force: true })
  writeFileSync(file('json'), JSON.stringify(options))
  const words = ['-c', `ulimit -n ${descriptors} && exec "$0" "$@"`, process.execPath, main, file('json')]
  const child = spawn('/bin/sh', words, { stdio: 'inherit' })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return { process: child, ready: () => existsSync(options.readyFile) }
}

/** Waits for a report of which this holds. */
async function reported(
  controller: Controller,
  what: string,
  holds: (report: RotationReport) => boolean,
): Promise<RotationReport> {
  await until(
    () => controller.reports.some(holds),
    `a report: ${what}; the last was ${JSON.stringify(controller.reports.at(-1))}`,
  )
  return controller.reports.find(holds) as RotationReport
}

describe('the LoadBalancer process', () => {
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'reddog-balancer-'))
    authority = makeAuthority('fabric')
    balancerCertificate = issueCertificate(authority, { commonName: party.loadBalancer, usage: 'client' })
    controllerCertificate = issueCertificate(authority, {
      commonName: party.controller,
      usage: 'server',
      hosts: ['127.0.0.1'],
    })
    writeFileSync(join(directory, 'ca.pem'), authority.certificatePem)
    writeFileSync(join(directory, 'cert.pem'), balancerCertificate.certificatePem)
    writeFileSync(join(directory, 'key.pem'), balancerCertificate.keyPem)
  })
  after(() => rmSync(directory, { recursive: true, force: true }))

  it('serves the controller’s table, acknowledges it, and reports who has drained (L-1, L-7)', async (t) => {
    const controller = await startController(t)
    const balancer = startBalancer(t, 'serves', controller.port)
    const vip = freshVip()
    let finish: (() => void) | undefined
    const { port: a } = await origin(t, (_, answer) => {
      finish = () => void answer.end('from a')
    })
    const { port: b } = await origin(t, (_, answer) => answer.end('from b'))
    const first = controller.publish([endpoint({ vip, members: [member('d.a', a)] })])
    await reported(controller, 'the first table', ({ acknowledged }) => acknowledged === first)
    await until(balancer.ready, 'the ready file')
    const wire = await dial(t, vip)
    wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => finish !== undefined, 'the request')
    const busy = controller.publish([endpoint({ vip, members: [member('d.a', a, 'draining'), member('d.b', b)] })])
    const report = await reported(controller, 'draining', ({ acknowledged }) => acknowledged === busy)
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /from b/)
    assert.deepEqual(report.drained, [])
    finish?.()
    await reported(
      controller,
      'd.a drained',
      ({ acknowledged, drained }) => acknowledged === busy && drained.includes('d.a'),
    )
    await wire.see('from a')
  })

  it('acknowledges a change within the second that L-1 allows', async (t) => {
    const controller = await startController(t)
    startBalancer(t, 'prompt', controller.port)
    const vip = freshVip()
    const { port: a } = await origin(t, (_, answer) => answer.end('a'))
    const first = controller.publish([endpoint({ vip, members: [member('d.a', a)] })])
    await reported(controller, 'the first table', ({ acknowledged }) => acknowledged === first)
    const began = performance.now()
    const out = controller.publish([endpoint({ vip, members: [member('d.a', a, 'out')] })])
    await reported(controller, 'out', ({ acknowledged }) => acknowledged === out)
    assert.ok(performance.now() - began < timerDefaults.rotationOutLimit)
  })

  it('serves its copy after a kill while the controller is away, and reports to the next controller (design.md 9.2)', async (t) => {
    const controller = await startController(t)
    const vip = freshVip()
    const { port: a } = await origin(t, (_, answer) => answer.end('still here'))
    const killed = startBalancer(t, 'adopts', controller.port)
    const version = controller.publish([endpoint({ vip, members: [member('d.a', a)] })])
    await reported(controller, 'the table', ({ acknowledged }) => acknowledged === version)
    await controller.stop()
    killed.process.kill('SIGKILL')
    await once(killed.process, 'exit')
    const next = startBalancer(t, 'adopts', controller.port)
    await until(next.ready, 'the ready file')
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /still here/)
    const restarted = await startController(t, version + 1, controller.port)
    await reported(restarted, 'the saved table', ({ acknowledged }) => acknowledged === version)
    const empty = restarted.publish([])
    const report = await reported(restarted, 'the new table', ({ acknowledged }) => acknowledged === empty)
    assert.notEqual(report.balancer, controller.reports.at(-1)?.balancer, 'it is another run of the balancer')
  })

  it('keeps out whom a new table does not permit, and cuts him off (L-18)', async (t) => {
    const controller = await startController(t)
    startBalancer(t, 'guards', controller.port)
    const vip = freshVip()
    const { port: a } = await origin(t, (_, answer) => answer.end('come in'))
    const served = endpoint({ vip, members: [member('d.a', a)] })
    const open = controller.publish([served])
    await reported(controller, 'open', ({ acknowledged }) => acknowledged === open)
    const client = await dial(t, vip)
    client.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.see('come in')
    const guarded = controller.publish([{ ...served, acl: [{ action: 'deny', remoteSubnet: '127.0.0.1/32' }] }])
    await reported(controller, 'guarded', ({ acknowledged }) => acknowledged === guarded)
    assert.equal(await client.closed, 'ECONNRESET')
    await assert.rejects(once(connect(18_080, vip), 'data'), /ECONNRESET/)
    const other = connect({ host: vip, port: 18_080, localAddress: '127.9.0.1' })
    t.after(() => other.destroy())
    other.write('GET / HTTP/1.0\r\n\r\n')
    assert.match(String(await once(other, 'data')), /come in$/)
  })

  it('serves all but an endpoint that no timer could serve, from its copy too, and says which (L-20)', async (t) => {
    const controller = await startController(t)
    const vips = [freshVip(), freshVip()] as const
    const { port: a } = await origin(t, (_, answer) => answer.end('served'))
    const probe = {
      protocol: 'tcp',
      address: '127.0.0.1',
      port: a,
      intervalMs: 99_999_999_999_000,
      timeoutMs: 31_000,
    } as const
    const poisoned = endpoint({ id: 'd/Web/poisoned', vip: vips[0], members: [{ ...member('d.a', a), probe }] })
    const served = endpoint({ id: 'd/Web/served', vip: vips[1], members: [member('d.a', a)] })
    const version = controller.publish([poisoned, served])
    const names = ({ acknowledged, failed }: RotationReport) =>
      acknowledged === version && /intervalMs is no whole number/.test(failed['d/Web/poisoned'] ?? '')
    const first = startBalancer(t, 'poisoned', controller.port)
    await reported(controller, 'what cannot be served', names)
    assert.match(await ask(t, vips[1], 'GET / HTTP/1.0\r\n\r\n'), /served/)
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    // As an older balancer would have left it.
    const copy = join(directory, 'poisoned.data/rotation.json')
    writeFileSync(copy, JSON.stringify({ version, endpoints: [poisoned, served] }))
    controller.reports.length = 0
    startBalancer(t, 'poisoned', controller.port)
    await reported(controller, 'the same from the copy', names)
    assert.match(await ask(t, vips[1], 'GET / HTTP/1.0\r\n\r\n'), /served/)
  })

  it('serves an endpoint beside a hundred hostile ones, from its copy, and with no controller (L-20, F-27)', async (t) => {
    const vip = freshVip()
    const { port: a } = await origin(t, (_, answer) => answer.end('served'))
    const probe = {
      protocol: 'http',
      address: '127.0.0.1',
      port: a,
      path: '/',
      intervalMs: 50,
      timeoutMs: 100,
    } as const
    const one = endpoint({ vip: freshVip(), members: [{ ...member('d.hostile', a), probe }], acl: [] })
    const poisoned = fc.tuple(fc.constantFrom(...placesIn(one)), anyPoison).map((how) => withPoison(one, ...how))
    const hostile = fc.sample(poisoned, { numRuns: 100, seed: 20 })
    const served = endpoint({ id: 'd/Web/served', vip, members: [member('d.a', a)] })
    mkdirSync(join(directory, 'hostile.data'))
    const copy = JSON.stringify({ version: 1, endpoints: [...hostile, served] })
    writeFileSync(join(directory, 'hostile.data/rotation.json'), copy)
    const balancer = startBalancer(t, 'hostile', 1)
    await until(balancer.ready, 'the ready file')
    for (let time = 0; time < 20; time++) assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /served/)
    assert.equal(balancer.process.exitCode, null)
  })

  it('takes an instance out by its probe, says what it saw, and brings it back (L-2, L-4)', async (t) => {
    const controller = await startController(t)
    startBalancer(t, 'probes', controller.port)
    const vip = freshVip()
    let status = 200
    const agent = await origin(t, (_, answer) => answer.writeHead(status).end())
    const { port: a } = await origin(t, (_, answer) => answer.end('a'))
    const probe = {
      protocol: 'http',
      address: '127.0.0.1',
      port: agent.port,
      path: '/',
      intervalMs: 30,
      timeoutMs: 100,
    } as const
    controller.publish([endpoint({ vip, members: [{ ...member('d.a', a), probe }] })])
    const after = (count: number) => (report: RotationReport) => controller.reports.indexOf(report) >= count
    await reported(controller, 'in', ({ probedOut, acknowledged }) => acknowledged === 1 && !probedOut['d.a'])
    status = 503
    await reported(controller, 'HTTP 503', ({ probedOut }) => probedOut['d.a'] === 'HTTP 503')
    await assert.rejects(dial(t, vip), /ECONNREFUSED/)
    const bad = controller.reports.length
    status = 200
    await reported(controller, 'back', (report) => after(bad)(report) && !report.probedOut['d.a'])
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /a$/)
    const { port: silentPort } = agent
    agent.server.close()
    agent.server.closeAllConnections()
    await reported(controller, 'silence', ({ probedOut }) => probedOut['d.a'] === 'the port refuses connections')
    const silent = controller.reports.length
    const again = createServer((_, answer) => answer.end()).listen(silentPort, '127.0.0.1')
    t.after(() => {
      again.close()
      again.closeAllConnections()
    })
    await once(again, 'listening')
    assert.equal((again.address() as AddressInfo).port, silentPort)
    await reported(controller, 'back again', (report) => after(silent)(report) && !report.probedOut['d.a'])
  })

  it('survives more connections than it has descriptors for, and serves again when they have gone', async (t) => {
    const controller = await startController(t)
    const balancer = startBalancer(t, 'exhausted', controller.port, 80)
    const vip = freshVip()
    const { port: a } = await origin(t, (_, answer) => answer.end('served'))
    controller.publish([endpoint({ vip, protocol: 'tcp', members: [member('d.a', a)] })])
    await until(balancer.ready, 'the ready file')
    const flood = Array.from({ length: 200 }, () => connect(18_080, vip).on('error', () => {}))
    t.after(() => flood.forEach((socket) => socket.destroy()))
    await until(() => flood.some((socket) => socket.destroyed), 'a connection to be refused')
    for (const socket of flood) socket.resetAndDestroy()
    await until(
      async () => (await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n').catch(() => '')).includes('served'),
      'an answer',
    )
    const version = controller.publish([])
    await reported(controller, 'a change', ({ acknowledged }) => acknowledged === version)
    assert.equal(balancer.process.exitCode, null)
  })

  it('ends at SIGTERM with code 0, after the answer in flight', async (t) => {
    const controller = await startController(t)
    const balancer = startBalancer(t, 'ends', controller.port)
    const vip = freshVip()
    let finish: (() => void) | undefined
    const { port: a } = await origin(t, (_, answer) => {
      finish = () => void answer.end('the last answer')
    })
    controller.publish([endpoint({ vip, members: [member('d.a', a)] })])
    await until(balancer.ready, 'the ready file')
    const wire = await dial(t, vip)
    wire.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => finish !== undefined, 'the request')
    const exited = once(balancer.process, 'exit')
    balancer.process.kill('SIGTERM')
    await until(
      () =>
        dial(t, vip).then(
          () => false,
          () => true,
        ),
      'the port to close',
    )
    finish?.()
    assert.deepEqual(await exited, [0, null])
    await wire.closed
    assert.match(wire.text(), /the last answer/)
  })

  it('bears its name in the process list (F-23)', async (t) => {
    const controller = await startController(t)
    const balancer = startBalancer(t, 'named', controller.port)
    controller.publish([])
    await until(balancer.ready, 'the ready file')
    assert.equal(readFileSync(`/proc/${balancer.process.pid}/comm`, 'utf8'), 'LoadBalancer\n')
  })
})
