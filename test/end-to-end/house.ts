/** The whole house with real processes, for tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placesOf } from '../../src/machine/building/data-directory.ts'
import { recordedProcess } from '../../src/machine/building/process-record.ts'
import { until } from '../until.ts'

export const root = join(import.meta.dirname, '../..')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface House {
  readonly data: string
  /** What `up --json` printed first. */
  greeting(): Readonly<Record<string, string>>
  /** Starts `up`, again after an end, and resolves when requests are accepted. `more` are words for this start. */
  up(...more: readonly string[]): Promise<void>
  /** Signals `up` and resolves with its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** All that `up` has said. */
  said(): string
  /** Runs `down`. */
  down(): Promise<Ran>
  /** Runs a verb on this house. */
  reddog(...words: readonly string[]): Promise<Ran>
  /** Number of the process of a member; undefined while it does not run. */
  member(name: string): number | undefined
  /** Numbers of all processes of that name in this house. */
  processes(title: string): readonly number[]
  /** Ends whatever is left, and removes it. */
  dispose(): Promise<void>
}

/** `account`: the number of the user and group that run it, instead of our own. `directory`: one that exists already. */
export function makeHouse(words: readonly string[] = [], account?: number, directory?: string): House {
  const data = directory ?? mkdtempSync(join(tmpdir(), 'house-'))
  const as = account === undefined ? {} : { uid: account, gid: account }
  if (account !== undefined) chownSync(data, account, account)
  const places = placesOf(data)
  let child: ChildProcess | undefined
  let output = ''
  let greeting: Readonly<Record<string, string>> = {}

  const down = () => run([join(root, 'dist/up.mjs'), 'down', '--data', data], as)

  return {
    data,
    greeting: () => greeting,
    said: () => output,
    async up(...more) {
      let first = ''
      const started = spawn(
        process.execPath,
        [join(root, 'dist/up.mjs'), 'up', '--data', data, '--port', '0', '--json', ...words, ...more],
        { ...as, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      started.stdout.on('data', (chunk: Buffer) => (first += chunk.toString()))
      started.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
      child = started
      await until(() => first.includes('\n') || started.exitCode !== null, 'up accepts requests')
      if (started.exitCode !== null) throw new Error(`up ended: ${output}`)
      greeting = JSON.parse(first) as Readonly<Record<string, string>>
    },
    async end(signal) {
      if (!child || child.exitCode !== null || child.signalCode !== null) return null
      const closed = once(child, 'close')
      child.kill(signal)
      return ((await closed) as [number | null])[0]
    },
    down,
    reddog: (...asked) => run([join(root, 'dist/reddog.mjs'), ...asked, '--data', data], as),
    member: (name) => recordedProcess(places, name)?.record.identity.pid,
    processes: (title) => pids().filter((pid) => isOf(pid, title, data)),
    async dispose() {
      child?.kill('SIGKILL')
      await down()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Body of the answer to a GET; rejects when none comes. Each request has a connection of its own. */
export function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers, timeout: 10_000 }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.once('end', () => resolve(body))
      response.once('error', reject)
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('error', reject)
    sent.end()
  })
}

async function run(words: readonly string[], as: { readonly uid?: number; readonly gid?: number }): Promise<Ran> {
  const child = spawn(process.execPath, words, { ...as, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
}

/** Whether a process bears that name, as its first word or in the 15 characters of `ps -o comm` (design.md 9.7), and has to do with the directory. */
function isOf(pid: number, title: string, data: string): boolean {
  try {
    const [comm, words, environment] = ['comm', 'cmdline', 'environ'].map((name) =>
      readFileSync(`/proc/${pid}/${name}`, 'latin1'),
    ) as [string, string, string]
    const named = words.split('\0')[0] === title || comm.trim() === title.slice(0, 15)
    return named && `${words}${environment}${readlinkSync(`/proc/${pid}/cwd`)}`.includes(data)
  } catch {
    return false
  }
}
