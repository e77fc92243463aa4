/** Some machines and a client on one Ethernet, each in a network namespace of its own, with real keepalived, nft and ip. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MachinesView } from '../../src/fabric/contract/machines.ts'
import type { VipHolderOptions } from '../../src/machine/vips/options.ts'
import { until } from '../until.ts'

const sources = fileURLToPath(new URL('../../', import.meta.url))
const programs = ['keepalived', 'nft', 'ip']

/** Why there can be no segment here, or false. A run that must not skip (CI=true) finds out by failing. */
export const skip = process.env['CI'] !== 'true' && lack()

function lack(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, for network namespaces'
  const search = ['/usr/sbin', '/sbin', '/usr/bin', '/bin']
  const missing = programs.find((name) => !search.some((directory) => existsSync(join(directory, name))))
  return missing === undefined ? false : `needs ${missing}`
}

export const range = '192.0.2.100-192.0.2.104'
export const vip = '192.0.2.100'

export interface TestMachine {
  readonly name: string
  readonly address: string
  /** Its network namespace. */
  readonly space: string
  readonly options: VipHolderOptions
  /** Tells it that it is being serviced, or is given back. */
  service(begins: boolean): void
  /** Runs a program of the system in its network, and returns the output. */
  run(...command: readonly string[]): string
  startBalancer(): void
  signalBalancer(signal: NodeJS.Signals): void
  /** To all processes of the machine. */
  signalAll(signal: NodeJS.Signals): void
  /** Kills the VipHolder and starts it again. Resolves when it is ready. */
  restartHolder(): Promise<void>
  /** Tells the VipHolder to end. */
  endHolder(): Promise<void>
  /** Whether it has the VIP on its link. */
  holds(address?: string): boolean
  /** The processes of its keepalived. */
  keepalived(): readonly number[]
  log(): string
}

export interface Segment {
  readonly machines: readonly TestMachine[]
  readonly directory: string
  /** The machine that has the VIP, once exactly one has it. */
  holder(): Promise<TestMachine>
  /** Runs in the client's network. */
  client(...command: readonly string[]): string
  /** Clients at work; the answer ends them, with what each request met. */
  clients(kept: number): Clients
  /** Cuts the machine's cable, or mends it. */
  cable(machine: TestMachine, state: 'up' | 'down'): void
  end(): Promise<void>
}

/** What a request met. */
export interface Met {
  readonly kind: 'new' | 'kept'
  readonly atMs: number
  readonly tookMs: number
  /** The machine that answered, or `failed …`. */
  readonly met: string
}

export interface Clients {
  /** So far. */
  met(): readonly Met[]
  stop(): Promise<readonly Met[]>
}

/** `count` machines, each with a controller. `other`: an address of another computer, the client. */
export async function makeSegment(count: number, { other }: { readonly other?: string } = {}): Promise<Segment> {
  const mark = `rdv${process.pid % 10_000}`
  const directory = mkdtempSync(join(tmpdir(), 'vips-'))
  const spaces = [`${mark}-b`, `${mark}-c`, ...Array.from({ length: count }, (_, index) => `${mark}-${index + 1}`)]
  const run = (space: string, ...command: readonly string[]) =>
    execFileSync('ip', ['netns', 'exec', space, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const [switchSpace = '', clientSpace = ''] = spaces
  const children: ChildProcess[] = []
  const start = (space: string, file: string, ...args: readonly string[]) => {
    const child = spawn('ip', ['netns', 'exec', space, process.execPath, join(sources, file), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    return child
  }

  for (const space of spaces) execFileSync('ip', ['netns', 'add', space])
  run(switchSpace, 'ip', 'link', 'add', 'br0', 'type', 'bridge')
  run(switchSpace, 'ip', 'link', 'set', 'br0', 'up')
  for (const [index, space] of spaces.slice(1).entries()) {
    const port = `p${index}`
    const link = ['link', 'add', 'eth0', 'netns', space, 'type', 'veth', 'peer', 'name', port]
    run(switchSpace, 'ip', ...link)
    run(switchSpace, 'ip', 'link', 'set', port, 'master', 'br0', 'up')
    run(space, 'ip', 'link', 'set', 'lo', 'up')
    run(space, 'ip', 'link', 'set', 'eth0', 'up')
    run(space, 'ip', 'addr', 'add', `192.0.2.${index === 0 ? 50 : index}/24`, 'dev', 'eth0')
  }
  if (other !== undefined) run(clientSpace, 'ip', 'addr', 'add', `${other}/32`, 'dev', 'eth0')

  const views = spaces.slice(2).map((_, index) => ({
    name: `m${index + 1}`,
    address: `192.0.2.${index + 1}`,
    number: index + 10,
    controller: true,
    version: '1',
    certificates: [],
  }))
  const machines = spaces.slice(2).map((space, index): TestMachine => {
    const { name, address } = views[index] as (typeof views)[number]
    const home = join(directory, name)
    mkdirSync(home)
    const file = (of: string) => join(home, of)
    const tellMachines = (serviced: string | undefined) => {
      const told = views.map((view) => ({ ...view, ...(view.name === serviced && { isServiced: true as const }) }))
      const view: MachinesView = { master: 'm1', machines: told }
      writeFileSync(file('machines.json'), JSON.stringify(view))
    }
    tellMachines(undefined)
    const options: VipHolderOptions = {
      machine: name,
      address,
      network: 5,
      vipRange: range,
      machinesFile: file('machines.json'),
      pulseFile: file('pulse.json'),
      takenFile: file('taken.json'),
      witnessPort: 9444,
      directory: file('keepalived'),
      readyFile: file('ready'),
      logFile: file('VipHolder.log'),
    }
    writeFileSync(file('options.json'), JSON.stringify(options))
    const startHolder = () => start(space, 'src/machine/vips/main.ts', file('options.json'))
    let holder = startHolder()
    let balancer: ChildProcess | undefined
    return {
      name,
      address,
      space,
      options,
      service: (begins) => tellMachines(begins ? name : undefined),
      run: (...command) => run(space, ...command),
      startBalancer() {
        balancer = start(space, 'test/vips/scripted/balancer.ts', name, vip, range, options.pulseFile)
      },
      signalBalancer: (signal) => void balancer?.kill(signal),
      signalAll(signal) {
        for (const pid of pidsIn(space)) process.kill(pid, signal)
      },
      async restartHolder() {
        holder.kill('SIGKILL')
        rmSync(options.readyFile)
        holder = startHolder()
        await until(() => existsSync(options.readyFile))
      },
      async endHolder() {
        holder.kill('SIGINT')
        await until(() => holder.exitCode !== null)
      },
      holds: (wanted = vip) => run(space, 'ip', '-o', 'addr', 'show', 'dev', 'eth0').includes(` ${wanted}/32 `),
      keepalived: () =>
        ['keepalived.pid', 'vrrp.pid'].map((pid) => Number(readFileSync(join(options.directory, pid), 'utf8'))),
      log: () => readFileSync(options.logFile, 'utf8'),
    }
  })
  await until(() => machines.every(({ options }) => existsSync(options.readyFile)), 'every VipHolder is ready')
  for (const machine of machines) machine.startBalancer()

  const segment: Segment = {
    machines,
    directory,
    async holder() {
      let found: TestMachine | undefined
      await until(() => {
        const holding = machines.filter((one) => one.holds())
        found = holding[0]
        return holding.length === 1
      }, `exactly one machine holds ${vip}`)
      return found as TestMachine
    },
    client: (...command) => run(clientSpace, ...command),
    clients(kept) {
      const child = start(clientSpace, 'test/vips/scripted/clients.ts', vip, String(kept))
      let text = ''
      child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part))
      const met = () =>
        text.split('\n').flatMap((line): readonly Met[] => {
          const [, kind, at, took, rest] = /^(new|kept) (\d+) (\d+) (.+)$/.exec(line) ?? []
          return rest === undefined
            ? []
            : [{ kind: kind as Met['kind'], atMs: Number(at), tookMs: Number(took), met: rest }]
        })
      return {
        met,
        async stop() {
          child.kill('SIGKILL')
          await until(() => child.exitCode !== null || child.signalCode !== null)
          return met()
        },
      }
    },
    cable(machine, state) {
      const port = `p${machines.indexOf(machine) + 1}`
      run(switchSpace, 'ip', 'link', 'set', port, state)
    },
    async end() {
      for (const child of children) child.kill('SIGKILL')
      for (const pid of spaces.slice(1).flatMap(pidsIn)) process.kill(pid, 'SIGKILL')
      for (const space of spaces) execFileSync('ip', ['netns', 'del', space])
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return segment
}

/** The processes in a network namespace. */
function pidsIn(space: string): readonly number[] {
  const text = execFileSync('ip', ['netns', 'pids', space], { encoding: 'utf8' })
  return text.split('\n').filter(Boolean).map(Number)
}
