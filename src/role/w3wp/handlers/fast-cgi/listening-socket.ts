import { renameSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

/** A socket that listens for a program that has not been started yet. */
export interface ListeningSocket {
  readonly descriptor: number
  /** Leaves it to the program alone, which has it by now, or to nobody. */
  readonly leave: (isTaken: boolean) => void
}

/**
 * A Unix socket for a program that finds it as its standard input, as FastCGI has it (FCGI_LISTENSOCK_FILENO). It gets its name only when this
 * process no longer accepts on it. Node's types do not show that a server's handle has a descriptor.
 */
export async function listenFor(path: string): Promise<ListeningSocket> {
  const hidden = `${path}~`
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(hidden, resolve))
  return {
    descriptor: (server as Server & { readonly _handle: { readonly fd: number } })._handle.fd,
    leave(isTaken) {
      if (isTaken) renameSync(hidden, path)
      server.close()
    },
  }
}
