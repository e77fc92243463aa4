import type { Socket } from 'node:net'
import { sentAhead } from './limits.ts'

/** Requests of a connection of HTTP/1, one after the other: a request that is sent early waits until the one before is over. */
export interface Turns {
  /** Call `over` when the request is over. */
  readonly take: (socket: Socket, begin: (over: () => void) => void) => void
  readonly isBusy: (socket: Socket) => boolean
}

export function turns(): Turns {
  const waiting = new WeakMap<Socket, (() => void)[]>()

  function next(socket: Socket): void {
    const queue = waiting.get(socket)
    const begin = queue?.shift()
    if (begin) begin()
    else waiting.delete(socket)
    if (queue && queue.length < sentAhead && socket.isPaused()) socket.resume()
  }

  return {
    take(socket, begin) {
      const turn = () => (socket.destroyed ? next(socket) : begin(() => next(socket)))
      const queue = waiting.get(socket)
      if (!queue) {
        waiting.set(socket, [])
        turn()
        return
      }
      queue.push(turn)
      if (queue.length >= sentAhead) socket.pause()
    },
    isBusy: (socket) => waiting.has(socket),
  }
}
