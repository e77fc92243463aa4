/** Fabric controllers that are candidates of one pool, each a process of its own at an address of its own, above real etcd. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandReply } from '../../src/fabric/contract/commands.ts'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { Views } from '../../src/fabric/contract/views.ts'
import type { ControllerOptions } from '../../src/fabric/controller/options.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { newFabricKey } from '../../src/machine/certificates/sealer.ts'
import { type ControllerClient, openControllerClient } from '../../src/machine/http/controller-client.ts'
import { type JsonClient, type JsonReply, openJsonClient } from '../../src/machine/http/json-client.ts'
import { bundleOf } from '../bundle.ts'
import { type Etcd, startEtcd } from '../etcd.ts'
import { createShop, subscriptionId } from '../fabric/fabric.ts'
import { until } from '../until.ts'

export interface CandidateProcess {
  readonly machine: string
  readonly url: string
  /** Has it started, and again whenever it has ended, as `up` does. */
  start(): void
  signal(signal: NodeJS.Signals): void
  /** Ends it, with no new start; resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Exit codes of all runs that ended. */
  ends(): readonly (number | null)[]
}

export interface Pool {
  readonly etcd: Etcd
  readonly authority: KeyAndCertificate
  readonly candidates: readonly CandidateProcess[]
  /** Creates a service, asking that controller alone. */
  create(url: string, service: string, timeoutMs?: number): Promise<JsonReply<CommandReply>>
  /** Names of the services that it shows. */
  services(url: string, timeoutMs?: number): Promise<JsonReply<readonly string[]>>
  /** The candidate that answers views now; resolves when one does. */
  master(): Promise<CandidateProcess>
  /** How a party of the fabric finds the master: by a file with those URLs, at first that of the first candidate alone. */
  clientOf(commonName: string): ControllerClient & { readonly list: (urls: readonly string[]) => void }
}

/** A test, or whatever else ends what was started. */
interface Ends {
  after(end: () => Promise<void> | void): void
}

/** The command that makes a service. */
export function creating(service: string, requestId: string) {
  const caller = { thumbprint: '', clientAddress: '127.0.0.1' }
  const command = { ...createShop, service }
  return { requestId: requestId.padStart(32, '0'), subscriptionId, operationName: '', objectId: '/', caller, command }
}

const controllerPort = 9443

/** `begins`: number of the candidate with which a fabric of several machines begins; that one is left to be started. */
export async function startPool(t: Ends, count: number, members = 1, begins?: number): Promise<Pool> {
  const etcd = await startEtcd(t, members)
  const { directory } = etcd
  const authority = makeAuthority('test fabric')
  writeFileSync(join(directory, 'ca.pem'), authority.certificatePem)
  writeFileSync(join(directory, 'ca.key'), authority.keyPem)
  writeFileSync(join(directory, 'fabric.key'), newFabricKey())
  const account = { name: 'acct', key: 'c2VjcmV0', blobEndpoint: 'http://127.0.0.1:1/acct' }
  writeFileSync(join(directory, 'account.json'), JSON.stringify(account))
  const candidates = Array.from({ length: count }, (_, number) => candidateOf(t, etcd, authority, number, begins))
  const issued = (commonName: string) => issueCertificate(authority, { commonName, usage: 'client' })
  function jsonClientOf({ certificatePem, keyPem }: KeyAndCertificate): JsonClient {
    const client = openJsonClient({ ca: authority.certificatePem, cert: certificatePem, key: keyPem })
    t.after(() => client.close())
    return client
  }
  const frontEnd = issued(party.frontEnd)
  writeFileSync(join(directory, 'front-end.pem'), frontEnd.certificatePem)
  const client = jsonClientOf(frontEnd)
  let requests = 0
  const pool: Pool = {
    etcd,
    authority,
    candidates,
    create(url, service, timeoutMs = 60_000) {
      const body = creating(service, String(++requests))
      return client.request({ url: url + fabricPaths.command, body, timeoutMs })
    },
    async services(url, timeoutMs = 60_000) {
      const body = { view: 'services', ask: { subscriptionId } }
      const reply = await client.request<Views['services']['answer']>({ url: url + fabricPaths.view, body, timeoutMs })
      return reply.ok ? { ...reply, value: reply.value.map(({ name }) => name) } : reply
    },
    async master() {
      let found: CandidateProcess | undefined
      await until(async () => {
        for (const candidate of candidates)
          if (!found && (await pool.services(candidate.url, 500)).ok) found = candidate
        return found !== undefined
      }, 'one of the candidates is master')
      return found as CandidateProcess
    },
    clientOf(commonName) {
      const controllersFile = join(directory, `${commonName}.json`)
      const list = (urls: readonly string[]) => writeFileSync(controllersFile, JSON.stringify(urls))
      const controllerUrl = candidates[0]?.url ?? ''
      list([controllerUrl])
      return { ...openControllerClient(jsonClientOf(issued(commonName)), { controllerUrl, controllersFile }), list }
    },
  }
  const started = candidates.filter((_, number) => number !== begins)
  for (const candidate of started) candidate.start()
  for (const { machine } of started) await until(() => existsSync(join(directory, machine, 'ready.json')))
  return pool
}

function candidateOf(
  t: Ends,
  etcd: Etcd,
  authority: KeyAndCertificate,
  number: number,
  begins: number | undefined,
): CandidateProcess {
  const machine = `c${number}`
  // Beside etcd's own addresses, which nobody else has.
  const address = etcd.freeAddress()
  const directory = join(etcd.directory, machine)
  mkdirSync(directory)
  const cert = join(directory, 'cert.pem')
  const own = issueCertificate(authority, { commonName: party.controller, usage: 'both', hosts: [address] })
  writeFileSync(cert, own.certificatePem)
  writeFileSync(join(directory, 'key.pem'), own.keyPem)
  const url = `https://${address}:${controllerPort}`
  const near = number % etcd.urls.length
  const fabric = { cert: join(etcd.directory, 'ca.pem'), key: join(etcd.directory, 'ca.key') }
  const certificates = { controller: cert, frontEnd: join(etcd.directory, 'front-end.pem') }
  const first = { address, computer: machine, authorities: { fabric }, certificates }
  const ports = { controller: controllerPort, etcdMembers: 2380 }
  const options: ControllerOptions = {
    address,
    port: controllerPort,
    tls: { ca: join(etcd.directory, 'ca.pem'), cert, key: join(directory, 'key.pem') },
    dataDirectory: directory,
    etcd: { urls: [...etcd.urls.slice(near), ...etcd.urls.slice(0, near)], tls: etcd.tlsFiles, machine, url },
    ...(begins !== undefined && {
      cluster: { machine, version: '0.1.0', ports, ...(number === begins && { first }) },
    }),
    network: 77,
    dnsSuffix: 'localhost',
    timers: timersWith([]),
    subscription: {
      id: subscriptionId,
      name: 'Test',
      certificates: [{ thumbprint: 'A'.repeat(40), data: 'AAAA' }],
      maxServices: 10_000,
    },
    storageAccountFile: join(etcd.directory, 'account.json'),
    fabricKeyFile: join(etcd.directory, 'fabric.key'),
    permittedBlobHosts: [],
    readyFile: join(directory, 'ready.json'),
  }
  writeFileSync(join(directory, 'options.json'), JSON.stringify(options))
  return running(t, machine, url, join(directory, 'options.json'))
}

function running(t: Ends, machine: string, url: string, optionsFile: string): CandidateProcess {
  const ends: (number | null)[] = []
  let child: ChildProcess | undefined
  let isKept = false
  function start(): void {
    isKept = true
    rmSync(optionsFile.replace('options.json', 'ready.json'), { force: true })
    const run = spawn(process.execPath, [bundleOf('FabricController'), optionsFile], {
      stdio: ['ignore', 'inherit', process.env['REDDOG_TALK'] ? 'inherit' : 'ignore'],
    })
    child = run
    run.once('exit', (code) => {
      ends.push(code)
      if (child === run) child = undefined
      if (isKept) start()
    })
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    isKept = false
    if (!child) return
    child.kill(signal)
    await once(child, 'exit')
  }
  t.after(() => end('SIGKILL'))
  return { machine, url, start, end, ends: () => ends, signal: (signal) => void child?.kill(signal) }
}
