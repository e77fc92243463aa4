import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { listensAt } from './listener-owner.ts'
import type { StartedProgram } from './start-program.ts'

/** Where a program takes requests: a Unix socket, or a port of loopback. */
export type Target = { readonly socketPath: string } | { readonly port: number }

/** Takes the file of a program's socket away once it has ended. */
export function removeAfter(program: StartedProgram, target: Target): void {
  if ('socketPath' in target) void program.exited.then(() => rmSync(target.socketPath, { force: true }))
}

/** Between two looks; they grow rarer, for a program that takes a minute need not be asked a thousand times. */
const firstLookMs = 15
const lastLookMs = 250

/** How long a program is waited for, and until when anybody wants it. */
export interface Patience {
  readonly limitMs: number
  readonly signal: AbortSignal
}

/** Waits until the program takes connections. A port counts only once the program itself, or one that it has started, listens there. */
export async function untilListening(
  target: Target,
  program: StartedProgram,
  { limitMs, signal }: Patience,
): Promise<'listening' | 'ended' | 'late'> {
  const deadline = performance.now() + limitMs
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(pauseMs * 1.3, lastLookMs)) {
    if (program.end()) return 'ended'
    if (await takesConnections(target, program)) return 'listening'
    const leftMs = deadline - performance.now()
    if (leftMs <= 0 || signal.aborted) return 'late'
    const pause = new AbortController()
    const waited = delay(Math.min(pauseMs, leftMs), undefined, { signal: AbortSignal.any([pause.signal, signal]) })
    await Promise.race([waited.catch(() => {}), program.exited])
    pause.abort()
  }
}

async function takesConnections(target: Target, { pid }: StartedProgram): Promise<boolean> {
  if ('port' in target) return listensAt(target.port, pid)
  return new Promise((resolve) => {
    const socket = connect({ path: target.socketPath })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
