import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { destroyLater, endGently, lingerMs } from '../http/linger.ts'

/**
 * Sends the answer to a whole request before its connection ends for unreadable bytes behind it. Mono's HttpWebRequest sends a body again when it is
 * told to write nothing behind the last byte, as StorageClient 1.7 does with every upload; what comes of that is read and dropped.
 */
export function answerFirst(server: Server): void {
  const newest = new WeakMap<Duplex, { readonly request: IncomingMessage; readonly response: ServerResponse }>()
  const ending = new WeakSet<Duplex>()

  server.on('request', (request, response) => void newest.set(request.socket, { request, response }))
  server.on('clientError', (_error, socket) => {
    // Each piece behind a fault is one more fault.
    if (ending.has(socket)) return
    ending.add(socket)
    const { request, response } = newest.get(socket) ?? {}
    if (!request?.complete || !response) refuse(socket)
    else if (response.closed) end(socket)
    else if (response.headersSent) response.once('close', () => end(socket))
    else endGently(response)
  })
}

function refuse(socket: Duplex): void {
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  destroyLater(socket, lingerMs)
}

function end(socket: Duplex): void {
  socket.end()
  destroyLater(socket, lingerMs)
}
