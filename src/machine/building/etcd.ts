import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { revocationList } from '../certificates/revocation-list.ts'
import { etcdArguments } from '../cluster/etcd-arguments.ts'
import { etcdClientPort, etcdMemberPort } from '../cluster/ports.ts'
import { openJsonClient } from '../http/json-client.ts'
import { readTls, type TlsFiles } from '../http/tls.ts'
import type { Places } from './data-directory.ts'
import { becomeVoter } from './join/become-voter.ts'
import { etcdRevocationsFile, filesOfParty } from './machine-parties.ts'
import type { EtcdRecord, MachineRecord } from './machine-record.ts'
import type { Member } from './member.ts'
import { writeWhole } from './write-whole.ts'

const run = promisify(execFile)

/** Where distributions put it. */
const program = '/usr/bin/etcd'

/** Learners, which a joining machine begins as, and the vote before a vote came with 3.4. */
const oldest: readonly [number, number] = [3, 4]

const answerLimitMs = 10_000

/** Throws an Error with one sentence when there is no etcd here that a candidate could run. */
export async function requireEtcd(): Promise<void> {
  const version = await run(program, ['--version'], { timeout: answerLimitMs })
    .then(({ stdout }) => /^etcd Version: (\d+)\.(\d+)\.(\d+)/m.exec(stdout))
    .catch(() => undefined)
  if (!version)
    throw new Error(
      'A machine with a controller runs a member of etcd, and there is no /usr/bin/etcd here. Install it: apt-get install etcd-server',
    )
  const [found = '', major = '', minor = ''] = version
  if (Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]))
    throw new Error(`${found} is too old: ${oldest.join('.')} or later is needed. Install a newer etcd.`)
}

/** Takes the files of an etcd elsewhere into the data directory. Throws an Error with one sentence when one is missing. */
export function copyEtcdTls(places: Places, directory: string): void {
  const { ca, cert, key } = filesOfParty(places, 'etcd')
  for (const [name, file] of [
    ['ca.pem', ca],
    ['client.pem', cert],
    ['client.key', key],
  ] as const)
    writeWhole(file, readFileSync(join(directory, name), 'utf8'))
}

interface EtcdPlace {
  readonly places: Places
  readonly machine: MachineRecord | undefined
}

/** `--initial-cluster` of an etcd that begins with this machine. */
export function onlyMember({ name, address }: Pick<MachineRecord, 'name' | 'address'>): string {
  return `${name}=https://${address}:${etcdMemberPort}`
}

/** The member of etcd of a candidate. */
export function etcd({ places, machine }: EtcdPlace, member: Extract<EtcdRecord, { kind: 'member' }>): Member {
  if (!machine) throw new Error('the only machine has no etcd')
  const dataDirectory = join(places.data, 'etcd')
  const tls = filesOfParty(places, 'etcd')
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const revoked = etcdRevocationsFile(places)
  if (!existsSync(revoked)) writeWhole(revoked, emptyList(tls), 0o644)
  return {
    name: 'etcd',
    title: 'etcd',
    program,
    native: true,
    args: [
      ...etcdArguments({
        name: machine.name,
        dataDirectory,
        address: machine.address,
        clientPort: etcdClientPort,
        memberPort: etcdMemberPort,
        initialCluster: member.initialCluster,
        state: member.state,
        token: member.token,
        tls,
      }),
      `--client-crl-file=${revoked}`,
      `--peer-crl-file=${revoked}`,
    ],
    stopSignal: 'SIGTERM',
    ready: member.learns ? () => becomeVoter(places) : healthy(places, etcdUrl(machine.address)),
  }
}

/** What etcd takes until the master knows of a certificate that is revoked: it looks at the numbers in the list alone, so it may be signed by anybody. */
function emptyList({ cert, key }: TlsFiles): string {
  const signer = { certificatePem: readFileSync(cert, 'utf8'), keyPem: readFileSync(key, 'utf8') }
  const now = Date.now()
  return revocationList(signer, [], { thisUpdate: new Date(now), nextUpdate: new Date(now + emptyListLivesMs) })
}

/** Nobody looks at it. */
const emptyListLivesMs = 365 * 86_400_000

function etcdUrl(address: string): string {
  return `https://${address}:${etcdClientPort}`
}

/** Where the controller of a machine reaches the store: its own member first, then those that there were when it began. */
export function etcdUrls({ address, etcd: store }: MachineRecord): readonly string[] {
  if (store?.kind !== 'member') return store?.urls ?? []
  const members = store.initialCluster
    .split(',')
    .map((member) => new URL(member.slice(member.indexOf('=') + 1)).hostname)
  return [...new Set([address, ...members])].map(etcdUrl)
}

/** Longest wait for a quorum: a machine that starts alone after all have stopped has none until another comes, and its other parts wait for one by themselves. */
const quorumPatienceMs = 10_000

/** Whether the member has a leader, or has been waiting for one for long enough. */
function healthy(places: Places, url: string): Member['ready'] {
  const begun = performance.now()
  return async () => {
    if (performance.now() - begun > quorumPatienceMs) return true
    const client = openJsonClient(readTls(filesOfParty(places, 'etcd')))
    const reply = await client.request<{ readonly health?: string }>({ url: `${url}/health`, timeoutMs: 1_000 })
    client.close()
    return reply.ok && reply.value.health === 'true'
  }
}
