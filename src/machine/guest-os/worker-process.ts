import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { roleNice } from '../../role/contract/role-nice.ts'
import { type FromWorkerProcess, programSockets, type ToWorkerProcess } from '../../role/contract/web-request.ts'
import { wireSocket } from '../../role/contract/web-wire.ts'
import { exitText, signalProcess, startWithChannel } from '../process.ts'
import { smallHeap } from './small-heap.ts'

/** A w3wp that runs. */
export interface WorkerProcess {
  readonly pid: number
  /** Asks it to stop; does nothing when it has ended. */
  readonly stop: () => void
  /** Ends it, with all that it has started. */
  readonly kill: () => void
}

export interface WorkerProcessStart {
  readonly programs: string
  readonly pool: string
  readonly socketPath: string
  /** applicationHost.config */
  readonly configuration: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly output: string
  readonly listening: () => void
  /** How it ended, as a clause. */
  readonly ended: (exit: string) => void
}

/** Starts a w3wp for a pool. Throws a sentence when the system does not. */
export function startWorkerProcess(start: WorkerProcessStart): WorkerProcess {
  const { programs, pool, socketPath, configuration, cwd, env, output } = start
  removeSockets(socketPath)
  const words = ['-ap', pool, '-a', socketPath, '-h', configuration]
  const { identity, exited, channel } = startWithChannel({
    file: process.execPath,
    args: [...smallHeap, join(programs, 'w3wp.mjs'), ...words],
    title: 'w3wp',
    cwd,
    env,
    output,
    nice: roleNice,
  })
  channel.on('message', (message: FromWorkerProcess) => {
    if (message?.kind === 'listening') start.listening()
  })
  // When a process ends during a message, its exit reports that.
  channel.on('error', () => {})
  void exited.then(
    (exit) => {
      // Processes that it has started are ended with it: they could hold the socket, or serve on for nobody.
      killGroup(identity.pid)
      removeSockets(socketPath)
      start.ended(exitText(exit))
    },
    (error: Error) => start.ended(error.message),
  )
  return {
    pid: identity.pid,
    stop() {
      if (channel.connected) channel.send({ kind: 'stop' } satisfies ToWorkerProcess)
    },
    kill: () => signalProcess(identity, 'SIGKILL', true),
  }
}

function removeSockets(socketPath: string): void {
  for (const path of [socketPath, wireSocket(socketPath), programSockets(socketPath)])
    rmSync(path, { recursive: true, force: true })
}

/** All that is left of a process group whose leader has ended. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left.
  }
}
