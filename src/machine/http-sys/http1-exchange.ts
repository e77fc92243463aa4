import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { endGently } from '../http/linger.ts'
import type { AnswerHead, Bytes, Exchange } from './exchange.ts'
import { valuesOf } from './head.ts'
import { lingering } from './limits.ts'

/** The other end of the connection. */
export type OtherEnd = Pick<Exchange, 'peer' | 'isBalancers'>

/** How many of a connection's bytes were counted for earlier requests. */
const counted = new WeakMap<Socket, Bytes>()

/** A request of HTTP/1 and its answer. */
export function http1Exchange(request: IncomingMessage, response: ServerResponse, end: OtherEnd): Exchange {
  const { socket } = request
  return {
    ...common(request, end),
    hasBody:
      valuesOf(request.rawHeaders, 'transfer-encoding').length > 0 ||
      Number(request.headers['content-length'] ?? 0) > 0,
    body: request,
    sayContinue: () => response.writeContinue(),
    begin({ status, statusText, fields, isLast }) {
      if (isLast || !(response.shouldKeepAlive || request.complete)) endGently(response, lingering.mostMs)
      response.once('finish', () => request.complete || dropRest(request))
      response.writeHead(status, statusText, [...fields])
      // When no body follows at once, as with an event stream, the head is sent without waiting for it.
      setImmediate(() => response.writableEnded || response.flushHeaders())
      return response
    },
    switchOver: () => socket,
    abort: () => socket.destroy(),
    onEnd: (ended) => void response.once('close', () => ended(response.writableFinished)),
  }
}

/** The rest of a body after its request has been answered. The connection of a client that takes longer than this is ended. */
function dropRest(request: IncomingMessage): void {
  const { socket } = request
  const { timeout = 0 } = socket
  const timer = setTimeout(() => socket.destroy(), lingering.mostMs)
  socket.setTimeout(lingering.silenceMs)
  request.once('end', () => socket.setTimeout(timeout))
  for (const [one, event] of [
    [request, 'end'],
    [socket, 'close'],
  ] as const)
    one.once(event, () => clearTimeout(timer))
  request.resume()
}

/** A request that asks for another protocol: the connection is its own from here on. */
export function upgradeExchange(request: IncomingMessage, client: Duplex, end: OtherEnd): Exchange {
  const write = ({ status, statusText, fields }: AnswerHead, connection: string) => {
    const lines = [`HTTP/1.1 ${status} ${statusText}`, `Connection: ${connection}`]
    for (let at = 0; at < fields.length; at += 2) lines.push(`${fields[at]}: ${fields[at + 1]}`)
    client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
    return client
  }
  return {
    ...common(request, end),
    upgrade: request.headers.upgrade,
    hasBody: false,
    body: request,
    sayContinue: () => {},
    begin: (answer) => write(answer, 'close'),
    switchOver: (answer) => write(answer, 'Upgrade'),
    abort: () => client.destroy(),
    onEnd: (ended) => void client.once('close', () => ended(client.writableFinished)),
  }
}

function common(request: IncomingMessage, end: OtherEnd) {
  const { socket, method = '', url = '', httpVersion, rawHeaders } = request
  return {
    begunAt: Date.now(),
    ...end,
    // A client that sends HTTP/2 here has not agreed on it.
    head: { method, target: url, version: httpVersion.startsWith('1.') ? httpVersion : '', fields: rawHeaders },
    protocol: `HTTP/${httpVersion}`,
    isBodyWhole: () => request.complete,
    measure: () => newBytes(socket),
  }
}

function newBytes(socket: Socket): Bytes {
  const before = counted.get(socket) ?? { received: 0, sent: 0 }
  const now = { received: socket.bytesRead, sent: socket.bytesWritten }
  counted.set(socket, now)
  return { received: now.received - before.received, sent: now.sent - before.sent }
}
