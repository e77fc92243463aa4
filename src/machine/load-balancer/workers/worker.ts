import { spawn } from 'node:child_process'
import type { StopUntil } from '../../../fabric/contract/data-plane.ts'
import type { PublicEndpoint } from '../../../fabric/contract/rotation.ts'
import type { Log } from '../../../kernel/log.ts'
import { type HeldPort, sendable } from '../../ports/held-ports.ts'
import type { ProcessExit } from '../../process.ts'
import type { WorkerOptions, WorkerOrder, WorkerWord } from './words.ts'

/** A process that accepts beside the balancer. */
export interface Worker {
  /** A port that it may accept on; its table says whether it does. */
  give(key: string, port: HeldPort): void
  /** Resolves when the table is in force there, or when the worker has ended. */
  serve(endpoints: readonly PublicEndpoint[]): Promise<void>
  /** Resolves when it accepts nothing more. */
  close(): Promise<void>
  /** As the data plane's `stop`. Resolves when the process has ended. */
  stop(limitMs: number, until: StopUntil): Promise<void>
  /** Ends it at once, with what it has in flight. */
  kill(): void
  readonly exited: Promise<ProcessExit>
}

export interface WorkerCalls {
  /** It has started, and waits for its ports and its table. */
  ready(): void
  /** It has put a table in force, and has requests in flight at these instances. */
  busy(instances: readonly string[]): void
  idle(instance: string): void
  readonly log: Log
}

/** Those of this process, but for a name that was given to it alone. */
const wordsForNode = process.execArgv.filter((word) => !word.startsWith('--title='))

/**
 * A worker that has not finished by then, in milliseconds, hangs and is killed: the work takes milliseconds. Origin: choice; room for a machine that
 * is very busy.
 */
const answerLimitMs = 10_000

/** Starts a worker. Throws when there is no room for another process. */
export function startWorker(program: string, options: WorkerOptions, calls: WorkerCalls): Worker {
  // In the balancer's process group, and with nothing of its environment.
  const child = spawn(process.execPath, [...wordsForNode, program, JSON.stringify(options)], {
    argv0: 'LoadBalancerWorker',
    env: {},
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting: (() => void)[] = []
  const exited = new Promise<ProcessExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  // Its exit follows, or it has never been a process.
  child.on('error', () => {})
  if (child.pid === undefined) throw new Error('there is no room for another process')
  child.on('message', (word: WorkerWord) => {
    if (word.kind === 'ready') calls.ready()
    else if (word.kind === 'done') {
      // At once: `idle` may follow in this very turn.
      calls.busy(word.busy)
      waiting.shift()?.()
    } else if (word.kind === 'idle') calls.idle(word.instance)
    else calls.log[word.level](word.message)
  })
  child.once('exit', () => {
    // Its remaining messages are about nothing that is left.
    child.removeAllListeners('message')
    for (const resolve of waiting.splice(0)) resolve()
  })

  function say(order: WorkerOrder, port?: HeldPort): void {
    // A worker that has ended meanwhile is reported by its exit.
    if (child.connected) child.send(order, sendable(port?.socket), {}, () => {})
  }

  /** Answered in the order in which it was asked. */
  async function ask(order: WorkerOrder): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    say(order)
    const limit = killAfter(answerLimitMs, () => waiting.includes(resolve))
    await promise
    clearTimeout(limit)
  }

  function killAfter(ms: number, hangs: () => boolean): NodeJS.Timeout {
    // After one more turn: messages that arrived while this process was held up come first.
    return setTimeout(() => setImmediate(() => hangs() && child.kill('SIGKILL')), ms)
  }

  return {
    give: (key, port) => say({ kind: 'port', key, port: port.port }, port),
    serve: (endpoints) => ask({ kind: 'serve', endpoints }),
    close: () => ask({ kind: 'close' }),
    async stop(limitMs, until) {
      say({ kind: 'stop', limitMs, until })
      const limit = killAfter(limitMs + answerLimitMs, () => true)
      await exited
      clearTimeout(limit)
    },
    kill: () => void child.kill('SIGKILL'),
    exited,
  }
}
