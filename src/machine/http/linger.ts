import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * How long the unwanted rest of a body is still read and dropped after the answer: a connection that is closed over unread bytes
 * is reset, and some clients lose the answer then (RFC 9112 9.6).
 */
export const lingerMs = 2_000

/**
 * Announces that the connection ends with this answer, and ends it so that the answer arrives: our half first, all of it when the caller has ended
 * his, or after `mostMs`. The server reads what the caller still sends.
 */
export function endGently(response: ServerResponse, mostMs = lingerMs): void {
  const { socket } = response
  response.setHeader('connection', 'close')
  if (!socket) return
  // Node calls this when the answer has been written.
  socket.destroySoon = () => {
    socket.end()
    destroyLater(socket, mostMs)
  }
}

/** Ends a connection after a while, unless it is over before. */
export function destroyLater(socket: Duplex, afterMs: number): void {
  const timer = setTimeout(() => socket.destroy(), afterMs)
  socket.once('close', () => clearTimeout(timer))
}
