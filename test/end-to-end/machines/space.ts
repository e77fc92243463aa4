import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { until } from '../../until.ts'

/** Namespaces of their own for network, mounts, processes and host name, with a first process that does nothing else than hold them. */
export interface Space {
  /** Starts a command in it. */
  start(file: string, words: readonly string[]): Started
  /** Runs a command in it to its end. */
  run(file: string, words: readonly string[], limitMs?: number): Promise<Ran>
  /** Numbers, outside, of the processes that bear that title, as their first word or in the 15 characters of `ps -o comm`. */
  processes(title: string): readonly number[]
  /** Number, outside, of its first process: its network is that one's. */
  readonly holder: number
  /** Kills all that runs in it at once; its links go with it. */
  end(): Promise<void>
}

export interface Started {
  readonly child: ChildProcess
  /** To the command itself, not to what brought it into the space. */
  signal(signal: NodeJS.Signals): void
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const apart = ['--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc']

/** Its own view of the network in /sys, and beside it the control groups as they were. Bash, as first process, reaps whoever is orphaned. */
const begin = `set -e
groups=$(mktemp -d)
mount --rbind /sys/fs/cgroup "$groups"
mount -t sysfs sysfs /sys
mount --rbind "$groups" /sys/fs/cgroup
umount -l "$groups"
rmdir "$groups"
ip link set lo up
`
const hold = 'echo ready\nwhile :; do sleep 3600 & wait $!; done'

/** Longest time that a command may take which is run to its end. */
const runLimitMs = 120_000

/** Makes one, and runs the lines of `script` (sh) in it first. */
export async function makeSpace(script: string): Promise<Space> {
  // It ends with the test, also when that is killed.
  const holding = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', ...apart, 'bash', '-c', `${begin}${script}\n${hold}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(holding, 'exit')
  const first = await Promise.race([once(createInterface(holding.stdout), 'line'), ended])
  if (first[0] !== 'ready') throw new Error('The namespaces of a machine could not be made; see above.')
  const holder = childOf(holding.pid as number) as number
  const space = readlinkSync(`/proc/${holder}/ns/pid`)

  function start(file: string, words: readonly string[]): Started {
    const entered = ['--target', String(holder), '--net', '--mount', '--pid', '--uts', '--', file, ...words]
    const child = spawn('nsenter', entered, { stdio: ['ignore', 'pipe', 'pipe'] })
    return {
      child,
      signal(signal) {
        const inner = childOf(child.pid as number)
        if (inner !== undefined) process.kill(inner, signal)
      },
    }
  }

  return {
    holder,
    start,
    async run(file, words, limitMs = runLimitMs) {
      const { child, signal } = start(file, words)
      const timer = setTimeout(() => signal('SIGKILL'), limitMs)
      const output = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name]?.on('data', (chunk: Buffer) => void (output[name] += chunk.toString()))
      const [code] = (await once(child, 'close')) as [number | null]
      clearTimeout(timer)
      return { code, ...output }
    },
    processes: (title) => pids().filter((pid) => isOf(pid, title, space)),
    async end() {
      holding.kill('SIGKILL')
      await ended
      await until(() => pids().every((pid) => !isOf(pid, undefined, space)), 'the namespaces are empty')
    },
  }
}

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
}

function isOf(pid: number, title: string | undefined, space: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/ns/pid`) !== space) return false
    if (title === undefined) return true
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
    return words.split('\0')[0] === title || readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === title.slice(0, 15)
  } catch {
    return false
  }
}

function childOf(pid: number): number | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number).find(Boolean)
  } catch {
    return undefined
  }
}
