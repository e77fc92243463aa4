import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { destroyLater } from '../http/linger.ts'
import type { Exchange, Peer } from './exchange.ts'
import { http1Exchange, type OtherEnd, upgradeExchange } from './http1-exchange.ts'
import { type HttpSysLimits, lingering, mostConnections } from './limits.ts'
import { type Reason, type Refusal, refusalFields, refusalPage, refusals, statusText } from './refusals.ts'
import { turns } from './turns.ts'
import { type ParserError, unreadable } from './unreadable.ts'

/** What arrives at an address and port. */
export interface Arrivals {
  readonly peerOf: (socket: Pick<Socket, 'remoteAddress' | 'remotePort'>) => Peer
  readonly isBalancer: (socket: Socket) => Promise<boolean>
  readonly arrived: (exchange: Exchange) => void
  /** What arrived is not a request, or arrived too slowly: the listener itself answers, or the connection ends without an answer. */
  readonly faulty: (peer: Peer, why: Refusal | Reason) => void
}

/** A server of HTTP/1.1 and 1.0. Nothing is answered by Node itself. */
export function http1Server(limits: HttpSysLimits, arrivals: Arrivals): Server {
  const { faulty, peerOf } = arrivals
  const server = createServer({
    maxHeaderSize: limits.headBytes,
    requireHostHeader: false,
    headersTimeout: limits.headerWaitMs,
    // A body that comes is never too slow: `watchStalls`.
    requestTimeout: 0,
    connectionsCheckingInterval: limits.lookMs,
    keepAliveTimeout: limits.connectionMs,
    shouldUpgradeCallback: isForWebSocket,
  })
  // Their bytes are limited, and a field beyond a number of them would be left out in silence.
  server.maxHeadersCount = 0
  server.maxConnections = mostConnections
  const inTurn = turns()
  const otherEnd = (socket: Socket): OtherEnd => ({
    peer: peerOf(socket),
    isBalancers: () => arrivals.isBalancer(socket),
  })
  const refused = new WeakSet<Socket>()
  const newest = new WeakMap<Socket, { readonly request: IncomingMessage; readonly response: ServerResponse }>()

  function take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    newest.set(socket, { request, response })
    inTurn.take(socket, (over) => {
      response.once('close', over)
      arrivals.arrived(http1Exchange(request, response, otherEnd(socket)))
    })
  }

  server.on('request', take).on('checkContinue', take).on('checkExpectation', take)
  server.on('connect', (_request, socket: Socket) => {
    refused.add(socket)
    refuse(socket, refusals.verb)
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    if (inTurn.isBusy(socket)) return void socket.destroy()
    socket.setTimeout(0)
    socket.unshift(head)
    socket.on('error', () => {})
    arrivals.arrived(upgradeExchange(request, socket, otherEnd(socket)))
  })
  server.on('clientError', (error: ParserError, socket: Socket) => {
    // Bytes after a fault are dropped, and each piece of them is one more fault.
    if (refused.has(socket)) return
    refused.add(socket)
    const found = unreadable(error, { isSilent: socket.bytesRead === 0, headBytes: limits.headBytes })
    const { request, response } = newest.get(socket) ?? {}
    if ('reason' in found) {
      if (found.reason) faulty(peerOf(socket), found.reason)
      socket.destroy()
    } else if (!request?.complete && response?.headersSent) socket.destroy()
    else if (request?.complete && !response?.closed) response?.once('close', () => refuse(socket, found.refusal))
    else refuse(socket, found.refusal)
  })
  watchStalls(server, limits, { newest, faulty, peerOf })

  /** Where the next request would begin nobody knows: the connection ends after the answer. */
  function refuse(socket: Socket, refusal: Refusal): void {
    if (!socket.writable) return void socket.destroy()
    faulty(peerOf(socket), refusal)
    socket.end(refusalText(refusal))
    destroyLater(socket, lingering.mostMs)
  }

  return server
}

/** A body would be read as early bytes of the other protocol. */
function isForWebSocket({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  return method === 'GET' && !hasBody && headers.upgrade?.toLowerCase() === 'websocket'
}

function refusalText(refusal: Refusal): string {
  const page = refusalPage(refusal)
  const fields = refusalFields(page)
  const lines = fields.flatMap((text, at) => (at % 2 === 0 ? [`${text}: ${fields[at + 1]}`] : []))
  const all = [`HTTP/1.1 ${refusal.status} ${statusText(refusal)}`, ...lines, `Date: ${new Date().toUTCString()}`]
  return `${all.join('\r\n')}\r\nConnection: close\r\n\r\n${page}`
}

/** Ends connections on which nothing moves that the client would have to move; an application may take its time. */
function watchStalls(
  server: Server,
  { connectionMs }: HttpSysLimits,
  {
    newest,
    faulty,
    peerOf,
  }: Pick<Arrivals, 'faulty' | 'peerOf'> & {
    readonly newest: WeakMap<Socket, { readonly request: IncomingMessage; readonly response: ServerResponse }>
  },
): void {
  server.timeout = connectionMs
  server.on('timeout', (socket: Socket) => {
    const { request, response } = newest.get(socket) ?? {}
    // Before the first request the parser watches.
    if (!request || !response) return
    if (response.closed) return void socket.destroy()
    const isBehind = socket.writableLength > 0
    // A body that is not read from waits for the application, not for the client.
    const isAwaited = !request.complete && !request.isPaused() && request.readableLength === 0
    if (!isBehind && !isAwaited) return void socket.setTimeout(connectionMs)
    faulty(peerOf(socket), isBehind ? 'Timer_MinBytesPerSecond' : 'Timer_EntityBody')
    socket.destroy()
  })
}
