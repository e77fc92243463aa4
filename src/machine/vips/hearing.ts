import { connect } from 'node:net'
import { signOfLifeMs } from '../../fabric/contract/holding-vips.ts'
import type { MachineView } from '../../fabric/contract/machines.ts'
import { monotonicMs } from './pulse.ts'

/** When this machine last heard another one. */
export interface Hearing {
  /** By the monotonic clock, in milliseconds; the moment at which it began to listen, before it has heard any. */
  heardAt(): number
  /** Whether another machine has been heard since a monotonic time, in milliseconds, or there is none to hear. */
  hasHeardSince(atMs: number): boolean
  close(): void
}

/** How many others are asked at a time, and for how long, in milliseconds, an answer is waited for. Origin: choice. */
const asking = { atATime: 3, limitMs: 1_000 } as const

/** Asks other machines for a sign of life, some at a time, in turn: a connection to `port` at their address, accepted or refused. */
export function openHearing(others: () => readonly MachineView[], port: number): Hearing {
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
  const timer = setInterval(ask, signOfLifeMs)
  ask()
  return {
    heardAt: () => heardAt,
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
