/** A fabric controller as a process of its own, with the parties that talk to it over real TLS. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Command, CommandReply, OperationRecord } from '../../src/fabric/contract/commands.ts'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { RotationTable } from '../../src/fabric/contract/rotation.ts'
import type { ServiceView, ViewName, Views } from '../../src/fabric/contract/views.ts'
import type { ControllerOptions } from '../../src/fabric/controller/options.ts'
import type { HostGoal } from '../../src/host/contract/goal.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { newFabricKey } from '../../src/machine/certificates/sealer.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import { pack } from '../../src/machine/package/pack.ts'
import type { InstanceStatus } from '../../src/service-model/instance-status.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'

export const subscriptionId = '00000000-0000-0000-0000-0000000000aa'
const main = bundleOf('FabricController')

/** Longest a call of a test may take. */
const timeoutMs = 60_000

export interface Building {
  readonly url: string
  readonly directory: string
  readonly process: ChildProcess
  command(command: Command, requestId?: string): Promise<CommandReply>
  view<Name extends ViewName>(view: Name, ask: Views[Name]['ask']): Promise<Views[Name]['answer']>
  /** The operation once it has ended. */
  ended(id: string): Promise<OperationRecord>
  service(name: string): Promise<ServiceView | null>
  host(name: string): Host
  balancer(): Balancer
  /** The same fabric again, as a new process. */
  restart(): Promise<void>
  /** A start that is to fail: its exit code and what it says. */
  refuseToStart(): Promise<{ readonly code: unknown; readonly said: string }>
}

export interface Host {
  register(): Promise<number>
  goal(after?: number, waitMs?: number): Promise<HostGoal | undefined>
  report(goal: HostGoal, status: InstanceStatus, gone?: readonly string[]): Promise<number>
  get(path: string): Promise<number>
  answer(id: string, text: string): Promise<number>
}

export interface Balancer {
  rotation(after?: number, waitMs?: number): Promise<RotationTable | undefined>
  acknowledge(version: number, drained?: readonly string[]): Promise<number>
}

export async function startBuilding(t: TestContext, timers: readonly string[] = []): Promise<Building> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-controller-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const authority = makeAuthority('test fabric')
  writeFileSync(join(directory, 'ca.pem'), authority.certificatePem)
  const certificates = (commonName: string, usage: 'client' | 'server') => {
    const made = issueCertificate(authority, { commonName, usage, hosts: ['127.0.0.1'] })
    return { ca: authority.certificatePem, cert: made.certificatePem, key: made.keyPem }
  }
  const own = certificates(party.controller, 'server')
  writeFileSync(join(directory, 'cert.pem'), own.cert)
  writeFileSync(join(directory, 'key.pem'), own.key)
  writeFileSync(
    join(directory, 'account.json'),
    JSON.stringify({ name: 'acct', key: 'c2VjcmV0', blobEndpoint: 'http://127.0.0.1:1/acct' }),
  )
  writeFileSync(join(directory, 'fabric.key'), newFabricKey())
  const blobs = await serveBlobs(t, directory)
  const options: ControllerOptions = {
    address: '127.0.0.1',
    port: 0,
    tls: { ca: join(directory, 'ca.pem'), cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') },
    dataDirectory: join(directory, 'data'),
    network: 77,
    dnsSuffix: 'localhost',
    timers: timersWith(timers),
    subscription: { id: subscriptionId, name: 'Test', certificates: [{ thumbprint: 'A'.repeat(40), data: 'AAAA' }] },
    storageAccountFile: join(directory, 'account.json'),
    fabricKeyFile: join(directory, 'fabric.key'),
    permittedBlobHosts: [blobs],
    readyFile: join(directory, 'ready.json'),
  }
  writeFileSync(join(directory, 'options.json'), JSON.stringify(options))

  const running = { process: undefined as ChildProcess | undefined, url: '' }
  const start = async () => {
    rmSync(options.readyFile, { force: true })
    running.process = spawn(process.execPath, [main, join(directory, 'options.json')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    await until(() => existsSync(options.readyFile), 'the controller is ready')
    running.url = `https://127.0.0.1:${JSON.parse(readFileSync(options.readyFile, 'utf8')).port}`
  }
  const end = async () => {
    const { process: child } = running
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  t.after(end)
  await start()

  const clientOf = (commonName: string) => {
    const client = openJsonClient(certificates(commonName, 'client'))
    t.after(() => client.close())
    return {
      async get<Value>(path: string): Promise<Value | undefined> {
        const reply = await client.request<Value>({ url: running.url + path, timeoutMs })
        if (!reply.ok) throw new Error(`GET ${path}: ${reply.fault.message}`)
        return reply.value
      },
      /** Status of an answer that is no JSON. */
      async getStatus(path: string) {
        try {
          const answer = await client.open({ url: running.url + path, timeoutMs })
          answer.resume()
          return 200
        } catch (error) {
          return Number(/HTTP (\d+)/.exec((error as Error).message)?.[1])
        }
      },
      async post<Value>(path: string, body: unknown): Promise<Value> {
        const reply = await client.request<Value>({ url: running.url + path, body, timeoutMs })
        if (!reply.ok) throw new Error(`POST ${path}: ${reply.fault.message}`)
        return reply.value
      },
      async postStatus(path: string, body: unknown) {
        return (await client.request({ url: running.url + path, body, timeoutMs })).status
      },
    }
  }
  const frontEnd = clientOf(party.frontEnd)
  let requests = 0
  const view = <Name extends ViewName>(name: Name, ask: Views[Name]['ask']) =>
    frontEnd.post<Views[Name]['answer']>(fabricPaths.view, { view: name, ask })

  return {
    get url() {
      return running.url
    },
    get process() {
      return running.process as ChildProcess
    },
    directory,
    view,
    command: (command, requestId = String(++requests).padStart(32, '0')) =>
      frontEnd.post<CommandReply>(fabricPaths.command, {
        requestId,
        subscriptionId,
        operationName: command.kind,
        objectId: '/',
        caller: { thumbprint: 'A'.repeat(40), clientAddress: '127.0.0.1' },
        command,
      }),
    async ended(id) {
      let found: OperationRecord | null = null
      await until(async () => {
        found = await view('operation', { subscriptionId, id })
        return found !== null && found.status !== 'InProgress'
      }, `operation ${id} has ended`)
      return found as unknown as OperationRecord
    },
    service: (service) => view('service', { subscriptionId, service }),
    host(name) {
      const client = clientOf(party.hostPrefix + name)
      return {
        register: () => client.postStatus(hostPaths.register, hostFacts(name)),
        goal: (after = 0, waitMs = 0) => client.get<HostGoal>(`${hostPaths.goal}?after=${after}&wait=${waitMs}`),
        report: (goal, status, gone = []) =>
          client.postStatus(hostPaths.report, {
            agentRun: 'run',
            number: 0,
            goalVersion: goal.version,
            complete: true,
            instances: goal.instances
              .filter(({ key }) => !gone.includes(key))
              .map(({ key, revision }) => ({
                key,
                revision,
                status,
                details: '',
                powerState: 'Started',
                since: 0,
                failures: 0,
              })),
            gone,
          }),
        get: (path) => client.getStatus(path),
        answer: (id, text) =>
          client.postStatus(`${hostPaths.answer}?id=${id}`, {
            logicalPath: 'C:\\Logs\\WaAppAgent.log',
            realPath: '/l',
            text,
            nextOffset: text.length,
          }),
      }
    },
    balancer() {
      const client = clientOf(party.loadBalancer)
      return {
        rotation: (after = 0, waitMs = 0) =>
          client.get<RotationTable>(`${fabricPaths.rotation}?after=${after}&wait=${waitMs}`),
        acknowledge: (acknowledged, drained = []) =>
          client.postStatus(fabricPaths.rotationReport, {
            balancer: 'b',
            acknowledged,
            drained,
            boundPorts: {},
            probedOut: {},
            failed: {},
          }),
      }
    },
    async restart() {
      await end()
      await start()
    },
    async refuseToStart() {
      await end()
      const child = spawn(process.execPath, [main, join(directory, 'options.json')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr.on('data', (chunk) => {
        said += chunk
      })
      const [code] = await once(child, 'close')
      return { code, said }
    },
  }
}

export function hostFacts(name: string) {
  return {
    name,
    cores: 8,
    memoryMB: 0,
    diskMB: 0,
    faultDomain: Number(name.at(-1)) % 2,
    bootId: 'boot',
    agentRun: 'run',
    firstPort: 1024,
  }
}

/** A web server whose files stand in `<directory>/blobs`; the answer is its `host:port`. */
export async function serveBlobs(t: TestContext, directory: string): Promise<string> {
  mkdirSync(join(directory, 'blobs'))
  const server = createServer((request, response) => {
    const file = join(directory, 'blobs', request.url?.split('?')[0]?.split('/').at(-1) as string)
    if (request.url?.includes('moved')) response.writeHead(302, { location: '/packages/hello.cspkg' }).end()
    else if (existsSync(file)) response.end(readFileSync(file))
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(join(directory, 'blob-host'), host)
  return host
}

/** Packs a service with one worker role behind an http endpoint, and answers its address. */
export async function uploadHello(building: Pick<Building, 'directory'>, protocol = 'http'): Promise<string> {
  const sources = join(building.directory, 'hello')
  mkdirSync(join(sources, 'Worker'), { recursive: true })
  writeFileSync(join(sources, 'Worker', 'server.js'), '// serves\n')
  writeFileSync(
    join(sources, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Hello" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
      <WorkerRole name="Worker" vmsize="Small">
        <ConfigurationSettings><Setting name="Greeting" /></ConfigurationSettings>
        <Endpoints><InputEndpoint name="Web" protocol="${protocol}" port="80" /></Endpoints>
        <Runtime><EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
      </WorkerRole>
    </ServiceDefinition>`,
  )
  const packed = await pack({
    definition: join(sources, 'ServiceDefinition.csdef'),
    roles: {},
    sites: {},
    out: join(building.directory, 'blobs', 'hello.cspkg'),
  })
  if (!packed.ok) throw new Error(packed.fault.message)
  return `http://${readFileSync(join(building.directory, 'blob-host'), 'utf8')}/packages/hello.cspkg`
}

export function helloConfiguration(instances: number): string {
  return `<ServiceConfiguration serviceName="Hello" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
      <Role name="Worker"><Instances count="${instances}" />
        <ConfigurationSettings><Setting name="Greeting" value="hi" /></ConfigurationSettings></Role>
    </ServiceConfiguration>`
}
