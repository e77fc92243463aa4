import type { Socket } from 'node:net'
import { gateLimits } from './limits.ts'

/** A connection in clear, with what breaks it off. */
export interface End {
  readonly socket: Socket
  /** The TCP connection below is reset: an end of TLS without its last words would be taken for an end in good order. */
  readonly reset: () => void
}

/** Two connections that are one. */
export interface Joined {
  /** Breaks both off, so that each end knows that it was not the other that ended. */
  cut(): void
}

/**
 * Passes bytes both ways until both have ended: a half-close stays one, what breaks off on one side does so on the other, a slow reader slows the
 * other side down, and silence ends both. `over` is called once, when both are closed.
 */
export function join(one: End, other: End, over: () => void): Joined {
  let open = 2
  const cut = () => {
    for (const { reset } of [one, other]) reset()
  }
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const { socket } = from
    socket.pipe(to.socket)
    socket.setTimeout(gateLimits.idleMs, cut)
    // 'close' reports the failure.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!socket.readableEnded || !socket.writableFinished) to.reset()
      open -= 1
      if (open === 0) over()
    })
  }
  return { cut }
}

/** One without TLS. */
export function plainEnd(socket: Socket): End {
  return { socket, reset: () => void socket.resetAndDestroy() }
}
