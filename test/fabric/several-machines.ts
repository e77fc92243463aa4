/** The controller of a fabric of several machines as a process, and machines that join it over real TLS. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Command, CommandReply } from '../../src/fabric/contract/commands.ts'
import {
  type JoinAnswer,
  type JoinRequest,
  type MachineParty,
  type MachinesView,
  machinePaths,
} from '../../src/fabric/contract/machines.ts'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { ControllerOptions } from '../../src/fabric/controller/options.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { issueCertificate, makeAuthority, type PartyCertificate } from '../../src/machine/certificates/authority.ts'
import { type KeyAndRequest, makeCertificateRequest } from '../../src/machine/certificates/certificate-request.ts'
import { revocationList } from '../../src/machine/certificates/revocation-list.ts'
import { newFabricKey } from '../../src/machine/certificates/sealer.ts'
import { etcdArguments } from '../../src/machine/cluster/etcd-arguments.ts'
import { type JsonReply, openJsonClient } from '../../src/machine/http/json-client.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'

export const subscriptionId = '00000000-0000-0000-0000-0000000000aa'
const main = bundleOf('FabricController')
const timeoutMs = 60_000

export interface Cluster {
  readonly url: string
  readonly directory: string
  /** PEM. */
  readonly authority: string
  readonly fabricKey: string
  command(command: Command): Promise<CommandReply>
  /** Makes a token; the secret. */
  token(controller?: boolean, validMs?: number): Promise<string>
  /** Calls with the certificate of a party of the first machine, or with one that a machine has been given. */
  call<Value>(who: Identity | 'machine' | 'frontEnd' | 'host', path: string, body?: unknown): Promise<JsonReply<Value>>
  /** As a stranger. */
  join(request: unknown): Promise<JsonReply<JoinAnswer>>
  machines(): Promise<MachinesView>
  /** What a party has of a certificate that the authority signed and that is in no record. */
  issue(wanted: PartyCertificate): Identity
  restart(): Promise<void>
  /** Gives etcd of the first machine another list of revoked certificates. */
  revoke(list: string): void
}

/** A certificate with its key, PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** A machine that wants to join: its keys, and what it says. */
export interface Newcomer {
  readonly keys: Readonly<Partial<Record<MachineParty, KeyAndRequest>>>
  request(secret: string, change?: Partial<JoinRequest>): JoinRequest
}

const version = '0.1.0'

export function newcomer(
  name: string,
  address: string,
  parties: readonly MachineParty[] = ['machine', 'host'],
): Newcomer {
  const keys = Object.fromEntries(parties.map((one) => [one, makeCertificateRequest(`controller of ${name}`)]))
  const requests = parties.map((one) => ({ party: one, request: (keys[one] as KeyAndRequest).requestPem }))
  return {
    keys,
    request: (secret, change = {}) => ({
      secret,
      name,
      address,
      controller: false,
      computer: sha256(name),
      version,
      requests,
      ...change,
    }),
  }
}

export function identityOf({ keys }: Newcomer, answer: JoinAnswer, of: MachineParty): Identity {
  return { cert: answer.certificates[of] ?? '', key: keys[of]?.keyPem ?? '' }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `m1` at 127.0.0.1, with authorities and certificates as `up --cluster` makes them. */
export async function startCluster(
  t: TestContext,
  { etcd }: { readonly etcd?: { readonly address: string } } = {},
): Promise<Cluster> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-machines-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const authority = makeAuthority('Reddog fabric')
  const written = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const issue = (wanted: PartyCertificate): Identity => {
    const made = issueCertificate(authority, wanted)
    return { cert: made.certificatePem, key: made.keyPem }
  }
  const issued = (name: string, wanted: PartyCertificate) => {
    const made = issue(wanted)
    return { ...made, files: { cert: written(`${name}.pem`, made.cert), key: written(`${name}.key`, made.key) } }
  }
  const ca = written('ca.pem', authority.certificatePem)
  const both = { usage: 'both', hosts: ['127.0.0.1'] } as const
  const own = {
    machine: issued('machine', { commonName: `${party.machinePrefix}m1`, ...both }),
    host: issued('host', { commonName: `${party.hostPrefix}m1`, ...both }),
    frontEnd: issued('front-end', { commonName: party.frontEnd, ...both }),
    controller: issued('controller', { commonName: party.controller, ...both }),
  }
  const ofEtcd = etcd ? await firstMember(t, directory, etcd.address) : undefined
  const fabricKey = newFabricKey()
  const pairOf = (name: string, pair: ReturnType<typeof makeAuthority>) => ({
    cert: written(`${name}.pem`, pair.certificatePem),
    key: written(`${name}.key`, pair.keyPem),
  })
  const account = { name: 'acct', key: 'c2VjcmV0', blobEndpoint: 'http://127.0.0.1:1/acct' }
  const options: ControllerOptions = {
    address: '127.0.0.1',
    port: 0,
    tls: { ca, ...own.controller.files },
    dataDirectory: join(directory, 'data'),
    network: 77,
    dnsSuffix: 'localhost',
    timers: timerDefaults,
    subscription: { id: subscriptionId, name: 'Test', certificates: [{ thumbprint: 'A'.repeat(40), data: 'AAAA' }] },
    storageAccountFile: written('account.json', JSON.stringify(account)),
    fabricKeyFile: written('fabric.key', fabricKey),
    permittedBlobHosts: [],
    etcd: ofEtcd && {
      urls: [`https://${ofEtcd.member.address}:2379`],
      tls: ofEtcd.member.tls,
      machine: 'm1',
      url: 'https://127.0.0.1:9443',
    },
    readyFile: join(directory, 'ready.json'),
    cluster: {
      machine: 'm1',
      version,
      ports: { controller: 9443, etcdMembers: 2380 },
      vipRange: '192.0.2.10-192.0.2.20',
      first: {
        address: etcd?.address ?? '127.0.0.1',
        computer: sha256('m1'),
        authorities: {
          fabric: pairOf('authority', authority),
          etcd: ofEtcd && pairOf('etcd', ofEtcd.authority),
        },
        certificates: Object.fromEntries(Object.entries(own).map(([name, { files }]) => [name, files.cert])),
      },
    },
  }
  const optionsFile = written('options.json', JSON.stringify(options))
  const running = { process: undefined as ChildProcess | undefined, url: '' }
  const start = async () => {
    rmSync(options.readyFile, { force: true })
    running.process = spawn(process.execPath, [main, optionsFile], { stdio: ['ignore', 'inherit', 'inherit'] })
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
  async function ask<Value>(identity: Identity | undefined, path: string, body?: unknown): Promise<JsonReply<Value>> {
    const client = openJsonClient({ ca: authority.certificatePem, ...(identity as Identity) })
    try {
      return await client.request<Value>({ url: running.url + path, body, timeoutMs })
    } finally {
      client.close()
    }
  }
  const call = <Value>(who: Identity | 'machine' | 'frontEnd' | 'host', path: string, body?: unknown) =>
    ask<Value>(typeof who === 'string' ? own[who] : who, path, body)
  const serving = async () => {
    await start()
    // A candidate listens before it is master.
    await until(async () => (await call('machine', machinePaths.machines)).status === 200, 'it is master')
  }
  await serving()
  let requests = 0
  const command = async (asked: Command) => {
    const envelope = {
      requestId: String(++requests).padStart(32, '0'),
      subscriptionId,
      operationName: asked.kind,
      objectId: '/',
      caller: { thumbprint: 'A'.repeat(40), clientAddress: '127.0.0.1' },
      command: asked,
    }
    return valueOf(await call<CommandReply>('frontEnd', fabricPaths.command, envelope))
  }
  return {
    get url() {
      return running.url
    },
    directory,
    authority: authority.certificatePem,
    fabricKey: fabricKey.trim(),
    command,
    async token(controller = false, validMs = 60_000) {
      const secret = randomBytes(32).toString('hex')
      const reply = await command({ kind: 'addJoinToken', token: sha256(secret), controller, validMs })
      if ('refused' in reply) throw new Error(reply.refused.message)
      return secret
    },
    call,
    join: (request) => ask<JoinAnswer>(undefined, machinePaths.join, request),
    machines: async () => valueOf(await call<MachinesView>('machine', machinePaths.machines)),
    issue,
    revoke: (list) => ofEtcd?.revoke(list),
    async restart() {
      await end()
      await serving()
    },
  }
}

export function valueOf<Value>(reply: JsonReply<Value>): Value {
  if (!reply.ok) throw new Error(`${reply.status} ${reply.fault.code}: ${reply.fault.message}`)
  return reply.value
}

/** etcd of the first machine, as `up --cluster` starts it. */
async function firstMember(t: TestContext, directory: string, address: string) {
  const authority = makeAuthority('Reddog etcd')
  const { certificatePem, keyPem } = issueCertificate(authority, {
    commonName: 'etcd:m1',
    usage: 'both',
    hosts: [address, '127.0.0.1'],
  })
  const now = new Date()
  const revocations = revocationList(authority, [], {
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + 86_400_000),
  })
  const initialCluster = `m1=https://${address}:2380`
  const given = { ca: authority.certificatePem, cert: certificatePem, key: keyPem }
  return { authority, ...runMember(t, directory, 'm1', address, { ...given, initialCluster, revocations }) }
}

/** A real member of etcd; its list of revoked certificates can be written anew. */
export function runMember(
  t: TestContext,
  directory: string,
  name: string,
  address: string,
  given: {
    readonly ca: string
    readonly cert: string
    readonly key: string
    readonly initialCluster: string
    readonly revocations: string
  },
) {
  const file = (what: string, content: string) => {
    const path = join(directory, `${name}-etcd.${what}`)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  const member = {
    name,
    address,
    dataDirectory: join(directory, `${name}-etcd`),
    clientPort: 2379,
    memberPort: 2380,
    initialCluster: given.initialCluster,
    state: given.initialCluster.includes(',') ? 'existing' : 'new',
    tls: { ca: file('ca', given.ca), cert: file('pem', given.cert), key: file('key', given.key) },
    revocations: file('crl', given.revocations),
  } as const
  const words = ['--pdeathsig', 'KILL', '/usr/bin/etcd', ...etcdArguments(member)]
  const output = openSync(join(directory, `${name}-etcd.log`), 'a')
  const child = spawn('/usr/bin/setpriv', words, { stdio: ['ignore', output, output], env: {} })
  closeSync(output)
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return { member, revoke: (list: string) => writeFileSync(member.revocations, list) }
}
