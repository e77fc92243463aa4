import { createServer, type Socket } from 'node:net'
import { type SocketHandle, socketOf } from '../../ports/held-ports.ts'
import type { Listening } from './entrance.ts'
import type { ProxyParts } from './parts.ts'

/** Connections that the kernel accepts ahead of us. Origin: choice; the kernel's own ceiling is 4,096. */
const backlog = 4_096

/** Listens on a port of an address, or on the given socket. Rejects with the system's error when the port cannot be opened. */
export function listenTcp(
  address: string,
  port: number,
  accept: (client: Socket) => void,
  { admit, log }: ProxyParts,
  earlier?: SocketHandle,
): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    // 'close' reports a reset; without this listener it would end the process.
    client.on('error', () => {})
    if (admit(client)) accept(client)
    else client.resetAndDestroy()
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listening = () => {
      server.off('error', reject)
      server.on('error', (error) =>
        log.warn('accept', `${address}:${port} could not accept a connection: ${error.message}`),
      )
      resolve({ port, socket: socketOf(server), close: () => void server.close() })
    }
    if (earlier) server.listen(earlier, backlog, listening)
    else server.listen({ host: address, port, backlog, exclusive: true }, listening)
  })
}
