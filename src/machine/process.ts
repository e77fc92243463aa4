import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'

/** A process of this machine, recognised again after its supervisor restarted (design.md 9.6). */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat: distinguishes a process from a later one with its number. */
  readonly startTime: string
  readonly bootId: string
}

/** How a process ended; both null when nobody saw it end. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
}

export interface RunningProcess {
  readonly identity: ProcessIdentity
  readonly exited: Promise<ProcessExit>
}

export interface ProcessStart {
  readonly file: string
  readonly args: readonly string[]
  /** First word of the command line, as `ps` shows it. */
  readonly title: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Output of the process is appended here: a file, never a pipe, which would die with its reader. */
  readonly output: string
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** Roles run at 5, agents at 0 (design.md 9.5). */
  readonly nice?: number | undefined
}

/** `exit code 1`, `signal SIGKILL`, or that nobody saw it, as with an adopted process. */
export function exitText(exit: ProcessExit): string {
  if (exit.signal) return `signal ${exit.signal}`
  return exit.code === null ? 'an exit that nobody saw' : `exit code ${exit.code}`
}

/** How often an adopted process is checked, since its exit is not delivered to us. */
const adoptedPollMs = 100

export const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Starts a process in a session and process group of its own, so that it outlives its supervisor. Throws when it cannot be started. */
export function startProcess(start: ProcessStart): RunningProcess {
  const { identity, exited } = spawnProcess(start, [])
  return { identity, exited }
}

/** The same with a channel of messages and sockets between the two. */
export function startWithChannel(start: ProcessStart): RunningProcess & { readonly channel: ChildProcess } {
  return spawnProcess(start, ['ipc'])
}

/** The same with three pipes: descriptor 3, which it writes, 4 and 5, which it reads. */
export function startWithPipes(
  start: ProcessStart,
): RunningProcess & { readonly said: Readable; readonly told: Writable; readonly given: Writable } {
  const { identity, exited, channel } = spawnProcess(start, ['pipe', 'pipe', 'pipe'])
  const [, , , said, told, given] = channel.stdio as readonly unknown[]
  const pipes = { said: said as Readable, told: told as Writable, given: given as Writable }
  // A process that ends before it has read all reports why by its exit.
  for (const pipe of Object.values(pipes)) pipe.on('error', () => {})
  return { identity, exited, ...pipes }
}

function spawnProcess(
  start: ProcessStart,
  channels: readonly ('ipc' | 'pipe')[],
): RunningProcess & { readonly channel: ChildProcess } {
  const output = openSync(start.output, 'a', 0o644)
  try {
    const child = spawn(start.file, start.args, {
      argv0: start.title,
      cwd: start.cwd,
      env: start.env,
      detached: true,
      stdio: ['ignore', output, output, ...channels],
      ...(start.uid === undefined ? {} : { uid: start.uid }),
      ...(start.gid === undefined ? {} : { gid: start.gid }),
    })
    const exited = new Promise<ProcessExit>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    exited.catch(() => {})
    if (child.pid === undefined)
      throw new Error(
        `cannot start ${start.title}: ${start.file} or ${start.cwd} is missing or may not be used, or there is no room for another process`,
      )
    if (start.nice) setPriority(child.pid, start.nice)
    return { identity: { pid: child.pid, startTime: startTimeOf(child.pid) ?? '', bootId }, exited, channel: child }
  } finally {
    closeSync(output)
  }
}

/** In a process that was started with a channel and ahead of its turn: resolves with the first word. Without a channel it is its turn; when its starter goes first, it goes too. */
export async function awaitTurn(): Promise<void> {
  if (!process.connected) return
  const end = () => process.exit(0)
  process.once('disconnect', end)
  await once(process, 'message')
  process.off('disconnect', end)
  process.disconnect()
}

/** A process that an earlier run started; undefined when it has ended. Its exit code is unknown to us. */
export function adoptProcess(identity: ProcessIdentity): RunningProcess | undefined {
  if (!isAlive(identity)) return undefined
  const exited = new Promise<ProcessExit>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(identity)) return
      clearInterval(timer)
      resolve({ code: null, signal: null })
    }, adoptedPollMs)
  })
  return { identity, exited }
}

/** The identity of a live process of this machine; undefined when there is none of that number. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid)
  return startTime === undefined ? undefined : { pid, startTime, bootId }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId && startTimeOf(identity.pid) === identity.startTime
}

/** Signals the process, or with `group` its whole process group; quietly nothing when it has ended. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals, group = false): void {
  if (!isAlive(identity)) return
  try {
    process.kill(group ? -identity.pid : identity.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Sets the first 15 characters of a full name as this process's name in `ps -o comm` (design.md 9.7). */
export function nameThisProcess(name: string): void {
  writeFileSync('/proc/self/comm', name.slice(0, 15))
}

/** Start time of a live process, undefined for none and for a zombie. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
