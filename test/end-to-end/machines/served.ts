/** A fabric of three machines that serves, with clients on the segment; for tests of what they see while something is gone. */
import { equal } from 'node:assert/strict'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machinePaths } from '../../../src/fabric/contract/machines.ts'
import { placesOf } from '../../../src/machine/building/data-directory.ts'
import { filesOfParty } from '../../../src/machine/building/machine-parties.ts'
import { controllerPort } from '../../../src/machine/cluster/ports.ts'
import type { TlsFiles } from '../../../src/machine/http/tls.ts'
import { until } from '../../until.ts'
import { beginClients, type Clients } from './clients.ts'
import { beginFabric, joinWords, type Machine, machineOn } from './fabric.ts'
import { type Computer, type Ends, type Lan, makeLan } from './lan.ts'

export interface Served {
  readonly lan: Lan
  readonly machines: readonly [Machine, Machine, Machine]
  readonly vip: string
  /** Of the service. */
  readonly directory: string
  readonly clients: Clients
  /** The one whose controller is master, as the fabric says on any of them. */
  master(): Promise<Machine>
}

export interface Host {
  readonly name: string
  /** Of its machine: the third of its instances' addresses. */
  readonly number: number
  readonly state: string
  readonly instances: readonly string[]
}

/**
 * The fabric, two instances on it that answer, and clients that ask. `timers` are for every machine; `prepare` has the computers before Reddog starts, and
 * may give further words of `up --cluster`.
 */
export async function beginServed(
  ends: Ends,
  timers: readonly string[] = [],
  prepare: (lan: Lan) => Promise<readonly string[]> = async () => [],
): Promise<Served> {
  const lan = await makeLan(ends, 3)
  const more = await prepare(lan)
  const words = timers.flatMap((timer) => ['--timer', timer])
  const range = ['--vip-range', '198.51.100.200-198.51.100.205', ...more]
  const machines = [...(await beginFabric(lan.computers.slice(0, 1), ...range, ...words))]
  const [first] = machines as [Machine]
  for (const computer of lan.computers.slice(1)) machines.push(await joined(first, computer, words))
  await until(async () => (await hosts(first)).filter((host) => 'cores' in host).length === 3, 'three hosts serve')
  const directory = makeAnswering(first.computer.directory)
  const deployed = await first.reddog('deploy', directory, '--service', 'hello')
  equal(deployed.code, 0, deployed.stderr)
  const vip = /http:\/\/(198\.51\.100\.\d+)/.exec(deployed.stdout)?.[1] ?? ''
  const clients = beginClients(lan, vip, (text) => answerOf(text) !== undefined)
  ends.after(() => clients.stop())
  return {
    lan,
    machines: machines as [Machine, Machine, Machine],
    vip,
    directory,
    clients,
    master: () => masterOf(machines),
  }
}

/** Timers by which a machine that is gone is missed in seconds. */
export const quickTimers = ['hostLostAfter=20s', 'hostIsolatedAfter=12s', 'heartbeatInterval=1s'] as const

/** What `host list` says, asked on that machine. */
export async function hosts(machine: Machine): Promise<readonly Host[]> {
  const { stdout } = await machine.reddog('host', 'list', '--json')
  return stdout === '' ? [] : (JSON.parse(stdout) as { readonly hosts: readonly Host[] }).hosts
}

/** The host of a machine, as another one says. */
export async function hostOf(asked: Machine, { computer }: Machine): Promise<Host> {
  let host: Host | undefined
  await until(async () => {
    host = (await hosts(asked)).find(({ name }) => name === computer.name)
    return host !== undefined
  }, `the fabric says how ${computer.name} is`)
  return host as Host
}

/** Whether that very process of an instance still answers on the machine, asked there, as it does while the machine is cut off. */
export async function isRunningOn(asked: Machine, machine: Machine, { address, run }: Answer): Promise<boolean> {
  const { number } = await hostOf(asked, machine)
  if (address.split('.')[2] !== String(number)) return false
  const { stdout } = await machine.computer.run('curl', ['-s', '-m', '2', `http://${address}:${instancePort}/`])
  return stdout.includes(run)
}

/** Status of what the controller of the first answers to the second, asked who is master: 204 of the master, 421 of another, 000 of none. */
export function controllerSays(machine: Machine, asking: Machine): Promise<string> {
  return answerTo(asking, filesOfParty(placesOf(asking.data), 'machine'), machine, machinePaths.master)
}

/**
 * What a controller answers on that path to a machine with a certificate, as curl writes it: usually the status, 403 when the certificate is not believed,
 * 000 when there was not even a handshake.
 */
export async function answerTo(
  { computer }: Machine,
  { ca, cert, key }: TlsFiles,
  { computer: { address } }: Machine,
  path: string,
  written = '%{http_code}',
): Promise<string> {
  const tls = ['--cacert', ca, '--cert', cert, '--key', key]
  const url = `https://${address}:${controllerPort}${path}`
  return (await computer.run('curl', ['-s', '-m', '2', '-o', '/dev/null', '-w', written, ...tls, url])).stdout
}

/** Resolves with the only one of the machines that is master, when one is. */
export async function masterOf(machines: readonly Machine[]): Promise<Machine> {
  let masters: readonly Machine[] = []
  await until(async () => {
    const said = await Promise.all(machines.map((machine) => controllerSays(machine, machine)))
    masters = machines.filter((_, at) => said[at] === '204')
    return masters.length > 0
  }, 'one of the machines is master')
  equal(masters.length, 1, 'there is one master')
  return masters[0] as Machine
}

/** The number of a process of that title on the machine; there is one. */
export function processOf({ computer }: Machine, title: string): number {
  const [pid, ...more] = computer.processes(title)
  if (pid === undefined || more.length > 0)
    throw new Error(`${computer.name} has ${more.length + (pid ? 1 : 0)} ${title}`)
  return pid
}

/** The instance that answers, the address at which it does, and a number of this very process of it. */
export interface Answer {
  readonly instance: string
  readonly address: string
  readonly run: string
}

export function answerOf(text: string): Answer | undefined {
  const [, instance, address, run] = /^(\w+_IN_\d+) (10\.\d+\.\d+\.\d+) ([0-9a-f]{16})$/.exec(text) ?? []
  return instance && address && run ? { instance, address, run } : undefined
}

async function joined(first: Machine, computer: Computer, words: readonly string[]): Promise<Machine> {
  const machine = machineOn(computer)
  await machine.begin([...(await joinWords(first, '--controller')), ...words])
  // The sign-in of the first machine, as a user would bring it along.
  copyFileSync(placesOf(first.data).publishSettings, placesOf(machine.data).publishSettings)
  return machine
}

/** A service whose answers say which process gives them. */
function makeAnswering(parent: string): string {
  const directory = join(parent, 'answering')
  mkdirSync(join(directory, 'Web'), { recursive: true })
  writeFileSync(join(directory, 'ServiceDefinition.csdef'), definition)
  writeFileSync(join(directory, 'ServiceConfiguration.cscfg'), configuration)
  writeFileSync(join(directory, 'Web/server.cjs'), server)
  return directory
}

/** Instances listen here, at addresses of their own. */
const instancePort = 8080

const definition = `<?xml version="1.0" encoding="utf-8"?>
<ServiceDefinition name="Answering" upgradeDomainCount="2" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
  <WorkerRole name="Web" vmsize="ExtraSmall">
    <Runtime>
      <Environment>
        <Variable name="ADDRESS">
          <RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/Endpoints/Endpoint[@name='Http']/@address" />
        </Variable>
      </Environment>
      <EntryPoint><ProgramEntryPoint commandLine="node server.cjs" setReadyOnProcessStart="true" /></EntryPoint>
    </Runtime>
    <Endpoints><InputEndpoint name="Http" protocol="http" port="80" localPort="${instancePort}" /></Endpoints>
  </WorkerRole>
</ServiceDefinition>
`

const configuration = `<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Answering" osFamily="4" osVersion="*" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="2" /></Role>
</ServiceConfiguration>
`

const server = `const run = require('node:crypto').randomBytes(8).toString('hex')
let stopping = false
const server = require('node:http').createServer((request, response) => {
  if (stopping) response.setHeader('connection', 'close')
  response.end([process.env.RoleInstanceID, process.env.ADDRESS, run].join(' '))
})
process.once('SIGTERM', () => {
  stopping = true
  server.close(() => process.exit(0))
})
server.listen(${instancePort}, process.env.ADDRESS)
`
