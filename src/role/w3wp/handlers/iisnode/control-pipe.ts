import { createServer } from 'node:net'

/** A program that writes this to its control pipe wants to be started anew. */
const word = 'recycle'

export interface ControlPipe {
  readonly path: string
  readonly close: () => void
}

/** Listens for programs that ask to be started anew (`recycleSignalEnabled`). */
export function openControlPipe(path: string, recycle: () => void): ControlPipe {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (said) => {
      if (said.toString('latin1', 0, word.length).toLowerCase() === word) recycle()
      socket.destroy()
    })
  })
  server.on('error', () => {})
  server.listen(path).unref()
  return { path, close: () => server.close() }
}
