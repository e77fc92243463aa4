import type { Log } from '../../kernel/log.ts'
import type { Timers } from '../../kernel/timers.ts'
import { exitText, type RunningProcess, signalProcess } from '../process.ts'
import { openRestarts } from '../restarts.ts'
import { bindPort } from './bind-port.ts'
import { type HeldPort, type HeldWord, type HolderWord, type SocketHandle, sendable } from './held-ports.ts'
import { type ProgramRun, startProgram } from './held-program.ts'

/** The program whose ports are held, and the ports. */
export interface Holding {
  /**
   * Starts the program anew from its file. The run before serves until the new one does, and then ends after its requests in
   * flight; with `oneAtATime` it ends first, and connections wait meanwhile.
   */
  renew(): void
  /** Ends all runs. Resolves when they have ended. */
  stop(): Promise<void>
}

export interface HoldingOptions {
  /** Path of a file with a HeldProgram, read anew for every start. */
  readonly programFile: string
  /** For a program of which two runs would damage each other's files. */
  readonly oneAtATime: boolean
  readonly timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>
  readonly log: Log
}

/**
 * Runs a program, starts it again whenever it ends, and holds the sockets that it has bound. The copies here are never listened
 * or read on, so that none of what arrives ends up in this process. Unless it runs one at a time, a spare is started once the run
 * serves: it has loaded the program and waits for the list of held ports.
 */
export function holdPorts({ programFile, oneAtATime, timers, log }: HoldingOptions): Holding {
  const held = new Map<string, HeldPort>()
  const runs = new Set<ProgramRun>()
  let newest: ProgramRun | undefined
  let spare: ProgramRun | undefined
  let stopping = false
  const restarts = openRestarts(timers)
  let startAgain: NodeJS.Timeout | undefined
  let spareAgain: NodeJS.Timeout | undefined
  let noteAgain: NodeJS.Timeout | undefined
  start()

  function start(): void {
    clearTimeout(startAgain)
    const since = performance.now()
    let run: ProgramRun
    try {
      run = spare ?? startProgram(programFile)
    } catch (error) {
      return again(`cannot be started: ${(error as Error).message}`, since)
    }
    spare = undefined
    newest = run
    runs.add(run)
    let trouble: string | undefined
    void run.exited.then((exit) => {
      runs.delete(run)
      if (run === newest) again(trouble ?? `ended with ${exitText(exit)}`, since)
    })
    run.channel.on('message', (word, socket) => hear(run, word as HeldWord, socket as unknown as SocketHandle))
    const unnoted = note(run)
    if (unnoted && oneAtATime) {
      // Before it begins: the next holder would put a second one beside it.
      trouble = unnoted
      return signalProcess(run.identity, 'SIGKILL')
    }
    for (const other of runs) if (other !== run) tell(other, { kind: 'successor' })
    for (const [key, { port, socket }] of held) tell(run, { kind: 'held', key, port }, socket)
    tell(run, { kind: 'all' })
  }

  /** Makes it the process that is known for the program; why that cannot be, and then tries again later, as long as it is the newest. */
  function note(run: ProgramRun): string | undefined {
    clearTimeout(noteAgain)
    try {
      run.record()
      return undefined
    } catch (error) {
      const trouble = `cannot be noted: ${(error as Error).message}`
      log.warn(`the program of ${programFile} ${trouble}`)
      noteAgain = setTimeout(() => runs.has(run) && note(run), timers.recycleDelays.at(-1))
      return trouble
    }
  }

  function prepare(): void {
    clearTimeout(spareAgain)
    if (oneAtATime || spare || stopping) return
    try {
      const prepared = startProgram(programFile)
      spare = prepared
      void prepared.exited.then((exit) => {
        if (prepared === spare) lack(`ended with ${exitText(exit)}`)
      })
    } catch (error) {
      lack(`cannot be started: ${(error as Error).message}`)
    }
  }

  /** Nobody waits for a spare: the longest of the delays will do. */
  function lack(trouble: string): void {
    spare = undefined
    if (stopping) return
    log.warn(`the spare of ${programFile} ${trouble}`)
    spareAgain = setTimeout(prepare, timers.recycleDelays.at(-1))
  }

  function again(trouble: string, since: number): void {
    if (stopping) return
    const delayMs = restarts.delayMs(since)
    log.warn(`the program of ${programFile} ${trouble}; started again${delayMs ? ` in ${delayMs / 1000} s` : ''}`)
    if (delayMs === 0) start()
    else startAgain = setTimeout(start, delayMs)
  }

  function hear(run: ProgramRun, word: HeldWord, socket: SocketHandle): void {
    if (word.kind === 'serving') return succeed(run)
    if (word.kind === 'open') return open(run, word)
    held.get(word.key)?.socket.close()
    held.delete(word.key)
    if (word.kind === 'hold') held.set(word.key, { port: word.port, socket })
  }

  /** A run serves: those before it end, and when none of them accepts any more it is informed. */
  function succeed(run: ProgramRun): void {
    const before = [...runs].filter((other) => other !== run && other.channel.connected)
    for (const other of before) tell(other, { kind: 'superseded' })
    const left = before.map(({ channel }) => new Promise((resolve) => channel.once('disconnect', resolve)))
    void Promise.all(left).then(() => tell(run, { kind: 'alone' }))
    prepare()
  }

  return {
    renew() {
      if (oneAtATime && newest && runs.has(newest)) return signalProcess(newest.identity, 'SIGTERM')
      const older = spare
      spare = undefined
      if (older) signalProcess(older.identity, 'SIGTERM')
      start()
    },
    async stop() {
      stopping = true
      clearTimeout(startAgain)
      clearTimeout(spareAgain)
      clearTimeout(noteAgain)
      const ending: readonly RunningProcess[] = spare ? [...runs, spare] : [...runs]
      for (const { identity } of ending) signalProcess(identity, 'SIGTERM')
      await Promise.all(ending.map(({ exited }) => exited))
    },
  }
}

/** The run holds it, and confirms that by `hold`. */
function open(run: ProgramRun, { asked, protocol, address, port }: Extract<HeldWord, { kind: 'open' }>): void {
  try {
    const socket = bindPort(protocol, address, port)
    tell(run, { kind: 'opened', asked }, socket, () => socket.close())
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    tell(run, { kind: 'refused', asked, code, message })
  }
}

function tell({ channel }: ProgramRun, word: HolderWord, socket?: SocketHandle, told = () => {}): void {
  // A run that has ended meanwhile is reported by its exit.
  if (channel.connected) channel.send(word, sendable(socket), {}, told)
  else told()
}
