import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { guestLogs, realPath } from '../../src/guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../src/guest/contract/guest-settings.ts'
import type { GuestSpecification } from '../../src/guest/contract/guest-specification.ts'
import { type Timers, timerDefaults } from '../../src/kernel/timers.ts'
import { systemChance } from '../../src/machine/clock.ts'
import { accountListsOf } from '../../src/machine/guest/namespace/account-lists.ts'
import { type RunningProcess, signalProcess, startProcess } from '../../src/machine/process.ts'
import { startWireHost, type Wanted, type WireHost } from './wire-host.ts'

/** Timers that let a test see in a second what takes a minute. */
export const quick: Timers = {
  ...timerDefaults,
  heartbeatInterval: 300,
  statusCheckInterval: 200,
  statusCheckTimeout: 600,
  crashResetAfter: 700,
  recycleDelays: [0, 200, 400],
}

export interface Guest {
  readonly root: string
  readonly run: string
  readonly host: WireHost
  readonly settings: GuestSettings
  readonly configuration: Wanted['configuration']
  readonly appAgent: RunningProcess
  /** Text of a log by its name; '' before it exists. */
  log(name: string): string
  /** Processes of this guest whose command line contains the word. */
  pids(word: string): readonly number[]
  /** Starts WaAppAgent again in the same guest, as after a reboot. */
  end(): Promise<void>
}

export interface GuestOptions {
  readonly programs: string
  /** Files of the role: path below the role root → text. */
  readonly software: Readonly<Record<string, string>> | string
  /** Files that are on its drives before it starts: path → text. */
  readonly drives?: Readonly<Record<string, string>>
  readonly specification?: Partial<GuestSpecification>
  /** Endpoints besides those of every guest here. */
  readonly endpoints?: GuestSpecification['topology'][number]['endpoints']
  readonly timers?: Partial<Timers>
  readonly wanted?: Partial<Wanted>
  readonly settings?: Partial<GuestSettings>
  /** As root: the guest's own uid, which then owns its drives and sockets. */
  readonly uid?: number
  /** As root: it has mounts of its own, and in them lists of accounts, as with the namespace driver. */
  readonly ownLists?: boolean
}

/** Addresses of 127.0.0.0/8 that this test process gives to its guests, one after the other. */
const addresses = (function* () {
  for (let n = 2; ; n++) yield `127.${100 + (process.pid % 100)}.${n >> 8}.${n & 255}`
})()

/** A guest as the host agent makes it, with real processes in it. */
export async function startGuest(options: GuestOptions): Promise<Guest> {
  const home = mkdtempSync(join(tmpdir(), 'reddog-guest-'))
  const run = mkdtempSync(join(tmpdir(), 'rd-'))
  const root = join(home, 'guest')
  for (const drive of ['c', 'd', 'e', 'f']) mkdirSync(join(root, drive), { recursive: true })
  const software =
    typeof options.software === 'string' ? options.software : writeTree(join(home, 'software'), options.software)
  writeTree(root, options.drives ?? {})
  const address = addresses.next().value
  const specification = {
    ...plainSpecification(address, options.endpoints),
    deploymentId: systemChance.hex32(),
    ...options.specification,
  }
  const containerId = randomUUID()
  const configuration = { specification, software, softwareSha256: 'a'.repeat(64), root: 1, keepFormerRoot: false }
  const host = await startWireHost(containerId, {
    machine: 'Started',
    role: 'Started',
    configuration,
    stopRolesDeadlineHintMs: 5_000,
    ...options.wanted,
  })
  const settings: GuestSettings = {
    key: `${specification.deploymentId}.${specification.instance}`,
    containerId,
    wireServer: host.url,
    root,
    run,
    address,
    ownNetwork: false,
    probePort: 16001,
    programs: options.programs,
    assemblies: join(home, 'dotnet'),
    firstPort: 1024,
    timers: { ...quick, ...options.timers },
    ...options.settings,
  }
  writeFileSync(join(root, 'guest.json'), JSON.stringify(settings))
  if (options.uid !== undefined) own(options.uid, home, root, run, options.programs)
  const command = [join(options.programs, 'WaAppAgent'), join(root, 'guest.json')]
  const [file = '', ...args] = options.ownLists
    ? await withOwnLists(root, options.uid ?? assert.fail('a uid'), command)
    : command
  const appAgent = startProcess({
    file,
    args,
    title: 'WaAppAgent',
    cwd: root,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      HOME: root,
      RdRoleId: settings.key,
      REDDOG_NODE: process.execPath,
    },
    output: join(home, 'WaAppAgent.out'),
    ...(options.ownLists ? {} : { uid: options.uid, gid: options.uid }),
  })
  const pids = (word: string) => processesWith(settings.key, word)
  return {
    root,
    run,
    host,
    settings,
    configuration,
    appAgent,
    pids,
    log(name) {
      const { path = '' } = guestLogs(specification).find((known) => known.name === name) ?? {}
      return textOf(realPath(root, path) ?? '')
    },
    async end() {
      signalProcess(appAgent.identity, 'SIGTERM')
      await Promise.race([appAgent.exited, delay(5_000, undefined, { ref: false })])
      for (const pid of pids('')) kill(pid)
      await host.close()
      for (const directory of [home, run]) rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The same for the time of an act. */
export async function inGuest(options: GuestOptions, act: (guest: Guest) => Promise<void>): Promise<void> {
  const guest = await startGuest(options)
  try {
    await act(guest)
  } finally {
    await guest.end()
  }
}

/** Resolves when it holds; rejects at the deadline with the sentence and what `shown` gives. */
export async function until(holds: () => boolean, what: string, shown = () => '', limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${what} has not come true in ${limitMs} ms. ${shown()}`)
    await delay(20)
  }
}

/** RoleModel.xml of a worker role with this inside. */
export function roleModel(inside: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<RoleModel name="Worker" version="1.0.0.0" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">${inside}</RoleModel>`
}

/** A role whose entry point is a program. */
export function programModel(commandLine: string, { tasks = '', readyOnStart = true, environment = '' } = {}): string {
  return roleModel(`${tasks}<Runtime protocolVersion="2011-03-08"><Environment>${environment}</Environment>
    <EntryPoint><ProgramEntryPoint commandLine="${commandLine}" setReadyOnProcessStart="${readyOnStart}" /></EntryPoint></Runtime>`)
}

/** A role whose entry point is a module in WaWorkerHost. */
export function moduleModel(module: string): string {
  return roleModel(
    `<Runtime><EntryPoint><NetFxEntryPoint assemblyName="${module}" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>`,
  )
}

export function isReady(health: { readonly state: string }): boolean {
  return health.state === 'Ready'
}

export function hasStatus(status: string): (health: { readonly subStatus?: string | undefined }) => boolean {
  return ({ subStatus }) => subStatus === status
}

export function plainSpecification(
  address: string,
  endpoints: GuestSpecification['topology'][number]['endpoints'] = [],
): GuestSpecification {
  return {
    deploymentId: '9f3c1d2e4b5a46788766554433221100',
    serviceName: 'Orders',
    role: 'Worker',
    roleKind: 'WorkerRole',
    instance: 'Worker_IN_0',
    deploymentIncarnation: 1,
    placement: 1,
    settings: { Queue: 'orders' },
    localResources: [
      { name: 'Scratch', sizeInMB: 1, cleanOnRoleRecycle: true },
      { name: 'Kept', sizeInMB: 1, cleanOnRoleRecycle: false },
      { name: 'DiagnosticStore', sizeInMB: 4096, cleanOnRoleRecycle: false },
    ],
    storedCertificates: [],
    size: { id: 'Small', cores: 1, memoryMB: 1792, diskMB: 229_400 },
    upgradeDomainCount: 5,
    blast: false,
    vip: '127.0.0.1',
    topology: [
      {
        id: 'Worker_IN_0',
        role: 'Worker',
        address,
        faultDomain: 0,
        upgradeDomain: 0,
        endpoints: [
          {
            name: 'HttpIn',
            kind: 'input',
            protocol: 'http',
            port: 8080,
            lastPort: 8080,
            publicAddress: '127.0.0.1:80',
          },
          { name: 'Gossip', kind: 'internal', protocol: 'tcp', port: 20_001, lastPort: 20_001 },
          ...endpoints,
        ],
      },
    ],
  }
}

/** The words that run a command among lists of accounts of its own, as that account. */
async function withOwnLists(root: string, uid: number, command: readonly string[]): Promise<readonly string[]> {
  const lists = await accountListsOf({ root, uid })
  const mounts = lists.map(({ file, at }) => `mount --bind '${file}' ${at} && `).join('')
  const words = `exec setpriv --reuid ${uid} --regid ${uid} --clear-groups "$@"`
  return ['unshare', '--mount', '--', 'sh', '-c', mounts + words, 'sh', ...command]
}

function own(uid: number, home: string, root: string, run: string, programs: string): void {
  for (const directory of [home, programs]) chmodSync(directory, 0o755)
  for (const path of [run, ...['c', 'd', 'e', 'f'].map((drive) => join(root, drive))]) chownSync(path, uid, uid)
}

/** Writes files below a directory, scripts executable; returns the directory. */
export function writeTree(root: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    if (text.startsWith('#!')) chmodSync(join(root, path), 0o755)
  }
  return root
}

function processesWith(key: string, word: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && textOf(`/proc/${pid}/environ`).split('\0').includes(`RdRoleId=${key}`))
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(word))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
