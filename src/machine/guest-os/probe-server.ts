import { createServer, type Server, type Socket } from 'node:net'

/** Longest request that is accepted from a probe, in bytes. */
const requestLimit = 8 * 1024

/** How long a probe may take to ask. */
const requestTimeoutMs = 10_000

/**
 * Answers the load balancer's default probe: 200 only while the instance is Ready, 503 otherwise (wire-server.md 11).
 * Resolves when it listens; rejects when the port is taken.
 */
export function serveProbe(address: string, port: number, isReady: () => boolean): Promise<Server> {
  const server = createServer((socket) => answer(socket, isReady))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port }, () => resolve(server))
  })
}

function answer(socket: Socket, isReady: () => boolean): void {
  let request = ''
  socket.on('error', () => {})
  socket.setTimeout(requestTimeoutMs, () => socket.destroy())
  socket.setEncoding('latin1')
  socket.on('data', (part: string) => {
    request += part
    if (request.includes('\r\n\r\n'))
      socket.end(isReady() ? response('200 OK', 'OK') : response('503 Service Unavailable', ''))
    else if (request.length > requestLimit) socket.destroy()
  })
}

function response(status: string, body: string): string {
  return [
    `HTTP/1.1 ${status}`,
    `Content-Length: ${body.length}`,
    'Content-Type: text/html',
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
