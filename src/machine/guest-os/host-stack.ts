import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import {
  adoptProcess,
  isAlive,
  type ProcessExit,
  type ProcessIdentity,
  type RunningProcess,
  signalProcess,
  startWithChannel,
} from '../process.ts'
import { connectJsonLines, type JsonLines } from './json-lines.ts'
import { replaceFile } from './replace-file.ts'
import { killRoleProcesses, type RoleOwner, startedWith } from './role-processes.ts'

/** Between two attempts to reach a bootstrapper that has just been started. */
const connectAgainMs = 20

export interface HostStackOptions {
  /** Program of WaHostBootstrapper and the flags that Node is given for it. */
  readonly program: readonly string[]
  readonly cwd: string
  /** File for its output before it has its log. */
  readonly output: string
  /** The file that it is started with, its socket, and the file that it leaves when it ends. */
  readonly files: { readonly start: string; readonly socket: string; readonly exit: string }
  readonly owner: RoleOwner
  /** A message of the bootstrapper. */
  readonly said: (value: unknown) => void
  /** Nothing of the stack is left. `left` is the text of its exit file, undefined when it left none. */
  readonly ended: (exit: ProcessExit, left: string | undefined) => void
}

/** WaHostBootstrapper and all its children, as one thing that runs or has ended. */
export interface HostStack {
  /** Starts a bootstrapper ahead of its turn: it loads its code and waits to become the next stack. At most one waits. */
  readonly startAhead: () => void
  /** Ends the one that waits, if one does. */
  readonly endAhead: () => void
  readonly start: (settings: unknown) => ProcessIdentity
  /** Follows a stack that an earlier agent started, also one that has ended meanwhile: a later one, of which that agent could make no note, ends too. */
  readonly adopt: (identity: ProcessIdentity) => void
  /** Resolves when the value is sent, or when the stack has ended before. */
  readonly tell: (value: unknown) => Promise<void>
  readonly kill: () => void
  /** Ends a stack that nobody remembers: an earlier agent died after it had started it and before it could note that. */
  readonly clear: () => Promise<void>
}

export function hostStack(options: HostStackOptions): HostStack {
  const { files, owner } = options
  let running: RunningProcess | undefined
  let ahead: ReturnType<typeof startWithChannel> | undefined
  let line: Promise<JsonLines | undefined> = Promise.resolve(undefined)

  function follow(started: RunningProcess): void {
    running = started
    line = connect(started.identity)
    void started.exited.then(end)
  }

  async function end(exit: ProcessExit): Promise<void> {
    const left = textOf(files.exit)
    // A bootstrapper that was killed leaves its role behind; one that has left an exit file has ended the role itself.
    if (left === undefined) await killRoleProcesses(owner)
    running = undefined
    options.ended(exit, left)
  }

  async function connect(identity: ProcessIdentity): Promise<JsonLines | undefined> {
    while (isAlive(identity)) {
      try {
        return await connectJsonLines(files.socket, { said: options.said, gone() {} })
      } catch {
        await delay(connectAgainMs)
      }
    }
    return undefined
  }

  /** A process that waits for a message on its channel; when this agent ends before, it ends too. */
  function launch(): ReturnType<typeof startWithChannel> {
    const env = Object.fromEntries(Object.entries(process.env).filter((entry) => entry[1] !== undefined)) as Record<
      string,
      string
    >
    return startWithChannel({
      file: process.execPath,
      args: [...options.program, files.start],
      title: 'WaHostBootstrapper',
      cwd: options.cwd,
      env,
      output: options.output,
    })
  }

  function endAhead(): void {
    if (ahead) signalProcess(ahead.identity, 'SIGKILL')
    ahead = undefined
  }

  function killBootstrappers(): void {
    for (const identity of startedWith(files.start)) signalProcess(identity, 'SIGKILL')
  }

  return {
    startAhead() {
      if (ahead && isAlive(ahead.identity)) return
      try {
        ahead = launch()
      } catch {
        // Its failure is reported at its real start.
      }
    },
    endAhead,
    start(settings) {
      rmSync(files.exit, { force: true })
      rmSync(files.socket, { force: true })
      replaceFile(files.start, JSON.stringify(settings))
      const started = ahead && isAlive(ahead.identity) ? ahead : launch()
      ahead = undefined
      // A process that dies now counts as a stack that has ended.
      started.channel.send('start', () => {})
      follow(started)
      return started.identity
    },
    adopt(identity) {
      const adopted = adoptProcess(identity)
      if (adopted) return follow(adopted)
      killBootstrappers()
      void end({ code: null, signal: null })
    },
    async tell(value) {
      ;(await line)?.send(value)
    },
    async clear() {
      killBootstrappers()
      await killRoleProcesses(owner)
    },
    kill() {
      if (running) signalProcess(running.identity, 'SIGKILL', true)
    },
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
