import { rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'

/** One end of a connection over which both sides say one JSON value a line. */
export interface JsonLines {
  readonly send: (value: unknown) => void
  readonly close: () => void
}

export interface JsonLinesListener {
  /** A received value; text that is not JSON is dropped. */
  readonly said: (value: unknown) => void
  readonly gone: () => void
}

/** Longest line that is taken: a peer that sends more without an end is cut off. */
const lineLimit = 1024 * 1024

/** Listens on a socket in the file system; one left by an earlier process makes way. Resolves when clients can connect. */
export function serveJsonLines(path: string, greet: (line: JsonLines) => JsonLinesListener): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    const line = lineOver(socket)
    follow(socket, greet(line))
  })
  return listening(server, path)
}

/** Connects to such a listener; rejects when there is none. */
export function connectJsonLines(path: string, listener: JsonLinesListener): Promise<JsonLines> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      follow(socket, listener)
      resolve(lineOver(socket))
    })
  })
}

/** Resolves when `server` listens at `path`. */
export function listening(server: Server, path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve(server))
  })
}

function lineOver(socket: Socket): JsonLines {
  return { send: (value) => void socket.write(`${JSON.stringify(value)}\n`), close: () => socket.destroy() }
}

function follow(socket: Socket, listener: JsonLinesListener): void {
  let rest = ''
  // A peer that dies ends the connection; `close` reports it.
  socket.on('error', () => {})
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => {
    const lines = (rest + part).split('\n')
    rest = lines.pop() as string
    for (const line of lines) sayTo(listener, line)
    if (rest.length > lineLimit) socket.destroy()
  })
  socket.once('close', () => listener.gone())
}

function sayTo(listener: JsonLinesListener, line: string): void {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return
  }
  listener.said(value)
}
