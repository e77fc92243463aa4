import type { Socket } from 'node:net'
import type { MemberConnection, MemberUser } from './member-connection.ts'

/**
 * Joins a client and its member, byte for byte, until both have ended: a half-close stays one, a reset stays one, and a slow
 * reader slows the other side down. Silence in both directions for as long as the client's time-out ends both (L-9); TCP
 * keep-alive packets, which count as traffic there, end in the kernel and are not seen here.
 */
export function splice(client: Socket, connection: MemberConnection): void {
  const { socket } = connection
  const user: MemberUser = {
    connected() {},
    received(bytes) {
      if (!client.write(bytes)) socket.pause()
      return client.writableLength > 0
    },
    ended: () => finish(client),
    drained: () => client.resume(),
    closed(error) {
      if (error) client.resetAndDestroy()
      else client.destroySoon()
    },
  }
  connection.user = user
  client.on('data', (bytes) => {
    if (!socket.write(bytes)) client.pause()
  })
  client.on('drain', () => socket.resume())
  client.on('end', () => finish(socket))
  client.on('error', () => socket.resetAndDestroy())
  client.on('close', () => {
    // Nobody else would end a member that has ended its side and does not read what was left for it.
    if (!socket.destroyed) socket.setTimeout(client.timeout ?? 0, () => socket.resetAndDestroy())
    socket.destroySoon()
  })
  client.on('timeout', () => {
    client.resetAndDestroy()
    socket.resetAndDestroy()
  })
  client.resume()
}

/** Passes an end on. The second one closes: what was written is still sent, and a half-close before it would be one call more. */
function finish(socket: Socket): void {
  if (socket.readableEnded && socket.writableLength === 0) socket.destroy()
  else socket.end()
}
