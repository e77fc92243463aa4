import { connect } from 'node:net'
import type { MachineView } from '../../fabric/contract/machines.ts'
import { monotonicMs } from './pulse.ts'

/** Whether this machine is in touch with the fabric. */
export interface Hearing {
  isInTouch(): boolean
  /** Whether another machine has been heard since a monotonic time, in milliseconds, or there is none to hear. */
  hasHeardSince(atMs: number): boolean
  close(): void
}

/** The longest silence of all others, in milliseconds (docs/decisions/several-machines.md, "Network"). */
const silentMs = 1_500

/** How often others are asked, how many at a time, and for how long an answer is waited for. Origin: choice; one lost packet does no harm. */
const asking = { everyMs: 400, atATime: 3, limitMs: 1_000 } as const

/**
 * Asks other machines for a sign of life, some at a time, in turn: a connection to `port` at their address, accepted or refused. A machine that hears
 * nobody is cut off, unless there is no other, or it is the only one with a controller: without it the others are told nothing.
 */
export function openHearing(
  others: () => readonly MachineView[],
  isOnlyCandidate: () => boolean,
  port: number,
): Hearing {
  let heardAt = monotonicMs()
  let turn = 0
  const ask = () => {
    const known = others()
    for (let count = Math.min(asking.atATime, known.length); count > 0; count--) {
      const { address } = known[turn++ % known.length] as MachineView
      signOfLife(address, port, () => {
        heardAt = monotonicMs()
      })
    }
  }
  const timer = setInterval(ask, asking.everyMs)
  ask()
  return {
    isInTouch: () => others().length === 0 || isOnlyCandidate() || monotonicMs() - heardAt < silentMs,
    hasHeardSince: (atMs) => others().length === 0 || heardAt >= atMs,
    close: () => clearInterval(timer),
  }
}

function signOfLife(host: string, port: number, heard: () => void): void {
  const socket = connect({ host, port })
  socket.setTimeout(asking.limitMs, () => socket.destroy())
  socket.once('connect', () => {
    heard()
    socket.destroy()
  })
  socket.once('error', ({ code }: NodeJS.ErrnoException) => {
    // Only the other machine refuses; that there is no way to it is said by this one.
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET') heard()
  })
}
