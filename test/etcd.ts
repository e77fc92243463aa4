/** Real members of etcd on loopback, with mutual TLS of an authority of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCertificate, makeAuthority } from '../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../src/machine/certificates/key-and-certificate.ts'
import { type EtcdMember, etcdArguments } from '../src/machine/cluster/etcd-arguments.ts'
import { openJsonClient } from '../src/machine/http/json-client.ts'
import { readTls, type TlsFiles, type TlsMaterial } from '../src/machine/http/tls.ts'
import { until } from './until.ts'

const program = '/usr/bin/etcd'

/** Value of `skip` for tests that take etcd; on a machine that decides whether a change lands it has to be there. */
export const withoutEtcd =
  existsSync(program) || process.env['CI'] === 'true' ? false : 'etcd is not installed (Debian: etcd-server)'

/** Whatever a test, or a whole file, can hang the end on. */
interface Ends {
  after(end: () => Promise<void>): void
}

export interface RunningMember {
  readonly member: EtcdMember
  /** `https://ADDRESS:PORT` for clients. */
  readonly url: string
  /** SIGSTOP; `resume` is SIGCONT. */
  pause(): void
  resume(): void
  /** SIGKILL; resolves when it is gone. Its directory stays. */
  kill(): Promise<void>
  /** Starts it again on its directory; it need not serve yet. */
  start(): void
}

export interface Etcd {
  readonly directory: string
  readonly urls: readonly string[]
  readonly members: readonly RunningMember[]
  /** Of a client of etcd, also as files. */
  readonly tls: TlsMaterial
  readonly tlsFiles: TlsFiles
  /** Resolves when each of these members, or all, serves under a leader. */
  serving(members?: readonly RunningMember[]): Promise<void>
  /** An address of loopback that nobody else has. */
  freeAddress(): string
  /** A member more, not started: `existing`, for a cluster to which it has been added. */
  another(name: string): RunningMember
}

/** Starts as many members, each at an address of loopback of its own and etcd's ports; ends them with the test. Takes 2 s. */
export async function startEtcd(t: Ends, count = 1): Promise<Etcd> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-etcd-'))
  const started: { end(): Promise<void> }[] = []
  t.after(async () => {
    await Promise.all(started.map(({ end }) => end()))
    rmSync(directory, { recursive: true, force: true })
  })
  const authority = makeAuthority('test etcd')
  // A member's own dials come from 127.0.0.1, and etcd compares the address with the certificate.
  const addresses = Array.from({ length: mostMembers }, freeAddress)
  const hosts = ['127.0.0.1', ...addresses]
  const memberTls = filesOf(directory, 'member', authority, { commonName: 'etcd', usage: 'both', hosts })
  const tlsFiles = filesOf(directory, 'client', authority, { commonName: 'controller', usage: 'client' })
  const tls = readTls(tlsFiles)
  const named = (name: string, number: number): readonly [string, string] => [name, addresses[number] as string]
  const first = Array.from({ length: count }, (_, number) => named(`m${number}`, number))

  function memberOf(name: string, cluster: readonly (readonly [string, string])[], state: 'new' | 'existing') {
    const address = new Map(cluster).get(name) as string
    const initialCluster = cluster.map(([each, at]) => `${each}=https://${at}:2380`).join(',')
    const dataDirectory = join(directory, name)
    const running = run(
      { name, dataDirectory, address, clientPort: 2379, memberPort: 2380, initialCluster, state, tls: memberTls },
      join(directory, `${name}.log`),
    )
    started.push(running)
    return running
  }

  const members = first.map(([name]) => memberOf(name, first, 'new'))
  for (const member of members) member.start()
  const etcd: Etcd = {
    directory,
    urls: members.map(({ url }) => url),
    members,
    tls,
    tlsFiles,
    async serving(asked = members) {
      const client = openJsonClient(tls)
      for (const { url } of asked)
        await until(async () => {
          const path = '/v3/maintenance/status'
          const reply = await client.request<{ leader?: string }>({ url: url + path, body: {}, timeoutMs: 1_000 })
          return reply.ok && reply.value.leader !== undefined
        }, `etcd serves at ${url}; see ${directory}`)
      client.close()
    },
    freeAddress,
    another: (name) => memberOf(name, [...first, named(name, started.length)], 'existing'),
  }
  await etcd.serving()
  return etcd
}

const mostMembers = 5

/** Nobody else's: fabrics have 127.b.0.0/16 with b from 1 on. */
function freeAddress(): string {
  return `127.0.${randomInt(1, 255)}.${randomInt(1, 255)}`
}

function run(member: EtcdMember, log: string): RunningMember & { end(): Promise<void> } {
  let child: ChildProcess | undefined
  const lives = () => child !== undefined && child.exitCode === null && child.signalCode === null
  async function kill(): Promise<void> {
    if (!child || !lives()) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    member,
    url: `https://${member.address}:${member.clientPort}`,
    start() {
      const output = openSync(log, 'a')
      // It ends with this process, however that ends.
      const words = ['--pdeathsig', 'KILL', program, ...etcdArguments(member)]
      child = spawn('/usr/bin/setpriv', words, { stdio: ['ignore', output, output], env: {} })
      closeSync(output)
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    kill,
    end: kill,
  }
}

function filesOf(
  directory: string,
  name: string,
  authority: KeyAndCertificate,
  wanted: Parameters<typeof issueCertificate>[1],
): TlsFiles {
  const { certificatePem, keyPem } = issueCertificate(authority, wanted)
  const files = {
    ca: join(directory, 'authority.pem'),
    cert: join(directory, `${name}.pem`),
    key: join(directory, `${name}.key`),
  }
  writeFileSync(files.ca, authority.certificatePem)
  writeFileSync(files.cert, certificatePem)
  writeFileSync(files.key, keyPem, { mode: 0o600 })
  return files
}
