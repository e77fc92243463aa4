import { once } from 'node:events'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { systemWords } from '../../kernel/system-words.ts'
import type { TlsMaterial } from './tls.ts'

export interface Listening {
  /** The port that was taken: of interest when 0 was asked for. */
  readonly port: number
  /** Takes no new connection, ends each one as soon as it is idle, and resolves when the last answer has left. */
  close(): Promise<void>
}

export interface RenewableListening extends Listening {
  /** Shows another certificate to who connects from now on; connections go on. */
  renew(tls: TlsMaterial): void
}

/** Starts to listen; `port` 0 takes any free one. Rejects with one sentence that names the obstacle. */
export async function listen(server: Server, port: number, address: string): Promise<Listening> {
  let closing = false
  server.on('request', (_request, response) => {
    // A connection counts as idle only once its answer is done with.
    response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()))
  })
  server.listen(port, address)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(`cannot listen on ${address}:${port}: ${reasonOf(error as NodeJS.ErrnoException)}`, {
      cause: error,
    })
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        closing = true
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE')
    return 'another process listens there already. Choose another port, or 0 for a free one.'
  if (error.code === 'EACCES') return 'the system keeps this port for root. Choose a port from 1024 up.'
  if (error.code === 'EADDRNOTAVAIL') return 'this machine has no such address.'
  return `${systemWords(error)}.`
}
