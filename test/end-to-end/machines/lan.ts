/**
 * Several computers on one kernel, on one segment. Guests of the `namespace` driver do not meet: what is one for the kernel (control groups, sockets
 * below /run) has the number of the machine in its name, or one made by chance; links, routes and rules of nft are each network's own.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../until.ts'
import { makeSpace, type Space } from './space.ts'

/** Whatever a test, or a whole file, can hang the end on. */
export interface Ends {
  after(end: () => Promise<void>): void
}

/** A computer of the segment. */
export interface Computer extends Pick<Space, 'start' | 'run' | 'processes'> {
  readonly name: string
  readonly address: string
  /** Its disk: what is there survives `cutPower`. */
  readonly directory: string
  /** All that runs on it is killed at once. */
  cutPower(): Promise<void>
  /** It comes back, and nothing runs on it. */
  boot(): Promise<void>
  /** Pulls its cable, as it sees itself. */
  unplug(): void
  plug(): void
  /** Nothing that it sends arrives any more, or nothing that others send arrives there; `mend` ends either. */
  cut(direction: 'out' | 'in'): void
  /** As by a filter: others do not reach these ports of it. `mend` ends that, too. */
  shut(...ports: readonly number[]): void
  mend(): void
}

export interface Lan {
  readonly computers: readonly Computer[]
  /** Somebody on the segment who is none of the machines: a client of the services. */
  readonly outside: Pick<Space, 'start' | 'run'>
}

/** Value of `skip` for tests that take a segment. */
export const withoutLan = process.getuid?.() === 0 ? false : 'several machines on one kernel take root'

/** TEST-NET-2 (RFC 5737): computers are .1, .2 and on, the client is .254. */
const network = '198.51.100'
export const outsideAddress = `${network}.254`

/** Makes so many computers, and removes them with all that runs there when the test ends, however it ends. */
export async function makeLan(t: Ends, count: number): Promise<Lan> {
  removeInterrupted()
  const disks = mkdtempSync(join(tmpdir(), `lan-${process.pid}-`))
  const ends: (() => Promise<void>)[] = []
  t.after(async () => {
    await Promise.allSettled(ends.map((end) => end()))
    await until(() => removeGroups(disks), 'the control groups of the computers are empty')
    rmSync(disks, { recursive: true, force: true })
  })
  const segment = await makeSpace(
    `hostname outside\nip link add segment type bridge forward_delay 0 stp_state 0\nip link set segment up\nip address add ${outsideAddress}/24 dev segment`,
  )
  ends.push(segment.end)
  const computers: Computer[] = []
  for (let number = 1; number <= count; number += 1) {
    const { computer, end } = await makeComputer(segment, disks, number)
    ends.push(end)
    computers.push(computer)
  }
  return { computers, outside: segment }
}

/** Disks and control groups of tests that were killed: all else has ended with them. */
function removeInterrupted(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^lan-(\d+)-/.exec(name) ?? []
    const disks = join(tmpdir(), name)
    if (pid !== undefined && !existsSync(`/proc/${pid}`) && removeGroups(disks))
      rmSync(disks, { recursive: true, force: true })
  }
}

/**
 * Who loses power cannot remove the control groups of its guests. A computer's own go with its kernel; these have one kernel. False while the last
 * process of one is ending.
 */
function removeGroups(disks: string): boolean {
  const files = globSync('*/*/fabric.json', { cwd: disks })
  const networks = files.map(
    (file) => JSON.parse(readFileSync(join(disks, file), 'utf8')) as { readonly network: number },
  )
  try {
    for (const { network: b } of networks)
      for (const group of globSync(`/sys/fs/cgroup/*/reddog-${b}-*`)) removeGroup(group)
    return true
  } catch {
    return false
  }
}

/** Its files are the kernel's, and go with it once nothing is below it. */
function removeGroup(group: string): void {
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(group, entry.name))
  rmdirSync(group)
}

async function makeComputer(segment: Space, disks: string, number: number) {
  const name = `m${number}`
  const address = `${network}.${number}`
  const directory = join(disks, name)
  mkdirSync(directory)
  const machineId = join(directory, 'machine-id')
  writeFileSync(machineId, `${randomBytes(16).toString('hex')}\n`)
  let space: Space | undefined

  async function boot(): Promise<void> {
    space = await makeSpace(`hostname ${name}\nmount --bind ${machineId} /etc/machine-id\nmount -t tmpfs tmpfs /run`)
    // The same card as before: the others still know its number.
    const card = ['name', 'eth0', 'address', `02:00:00:00:00:0${number}`, 'netns', String(space.holder)]
    inNetwork(segment, ['ip', 'link', 'add', name, 'type', 'veth', 'peer', ...card])
    inNetwork(segment, ['ip', 'link', 'set', name, 'master', 'segment', 'up'])
    inNetwork(space, ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0'])
    inNetwork(space, ['ip', 'link', 'set', 'eth0', 'up'])
    inNetwork(space, ['ip', 'route', 'add', 'default', 'via', outsideAddress])
  }

  async function cutPower(): Promise<void> {
    if (!space) return
    await space.end()
    space = undefined
    // Connections that nobody ends keep a network for a while after its processes, and with it this end of the cable.
    freeCable(segment, name)
  }

  function running(): Space {
    if (!space) throw new Error(`${name} has no power.`)
    return space
  }

  await boot()
  const computer: Computer = {
    name,
    address,
    directory,
    start: (file, words) => running().start(file, words),
    run: (file, words, limitMs) => running().run(file, words, limitMs),
    processes: (title) => running().processes(title),
    cutPower,
    boot,
    unplug: () => inNetwork(segment, ['ip', 'link', 'set', name, 'down']),
    plug: () => inNetwork(segment, ['ip', 'link', 'set', name, 'up']),
    cut(direction) {
      const hook = direction === 'out' ? 'egress' : 'ingress'
      const chain = `chain cable {\ntype filter hook ${hook} device eth0 priority 0; policy drop;\n}`
      inNetwork(running(), ['nft', `table netdev cable {\n${chain}\n}`])
    },
    shut(...ports) {
      const rule = `tcp dport { ${ports.join(', ')} } drop`
      const chain = `chain cable {\ntype filter hook ingress device eth0 priority 0; policy accept;\n${rule}\n}`
      inNetwork(running(), ['nft', `table netdev cable {\n${chain}\n}`])
    },
    mend() {
      inNetwork(running(), ['nft', 'delete table netdev cable'])
    },
  }
  return { computer, end: cutPower }
}

function freeCable({ holder }: Space, name: string): void {
  const words = ['--target', String(holder), '--net', '--', 'ip', 'link', 'delete', name]
  // It fails when it has gone by itself, or the segment has.
  spawnSync('nsenter', words, { stdio: 'ignore' })
}

/** A command of the network in that of a space. */
function inNetwork({ holder }: Space, words: readonly string[]): void {
  execFileSync('nsenter', ['--target', String(holder), '--net', '--', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
