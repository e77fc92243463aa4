import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { systemWords } from '../../kernel/system-words.ts'
import type { AnswerHead, Exchange, Peer } from './exchange.ts'
import { type Arrivals, http1Server } from './http1-server.ts'
import { http2Server } from './http2-server.ts'
import { type HttpSysLimits, mostConnections } from './limits.ts'
import { clientIn, readProxyLine } from './proxy-line.ts'
import type { Reason, Refusal } from './refusals.ts'
import type { SiteCertificates } from './site-certificates.ts'

/** Address and port at which sites are reached. */
export interface Entrance {
  readonly address: string
  readonly port: number
  readonly isSecure: boolean
}

export interface EntranceParts {
  readonly limits: HttpSysLimits
  readonly isBalancer: (socket: Socket) => Promise<boolean>
  readonly arrived: (exchange: Exchange, at: Entrance) => void
  readonly faulty: (peer: Peer, why: Refusal | Reason, at: Entrance) => void
}

export interface OpenEntrance {
  /** Of the connections that come from now on. */
  readonly setCertificates: (certificates: SiteCertificates) => void
  /** Ends idle connections now, and every other connection with its next answer. */
  readonly drain: () => void
  /** The same, and takes no new connection. Resolves when the last one has ended. */
  readonly close: () => Promise<void>
  /** Ends every connection. */
  readonly cut: () => void
  readonly connections: () => number
}

/** Listens there. Rejects with one sentence that names the obstacle. */
export async function openEntrance(at: Entrance, parts: EntranceParts): Promise<OpenEntrance> {
  /** Clients that a balancer has named, by the other end of the connection on which it did. */
  const named = new Map<string, Peer>()
  let isClosing = false
  const last = (answer: AnswerHead) => (isClosing ? { ...answer, isLast: true } : answer)
  const arrivals: Arrivals = {
    peerOf: (socket) => named.get(otherEnd(socket)) ?? peerOf(socket),
    // Below TLS a field of a request can only be the client's own.
    isBalancer: at.isSecure ? async () => false : once(parts.isBalancer),
    arrived: (exchange) => parts.arrived({ ...exchange, begin: (answer) => exchange.begin(last(answer)) }, at),
    faulty: (peer, why) => parts.faulty(peer, why, at),
  }
  const http1 = http1Server(parts.limits, arrivals)
  const http2 = at.isSecure ? http2Server(parts.limits, arrivals) : undefined
  const secure = http2 && secureServer(parts, { http1, http2: http2.server, named })
  const server = secure?.server ?? http1
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await listening(server, at)
  const drain = () => {
    isClosing = true
    http1.closeIdleConnections()
    http2?.endIdle()
  }
  return {
    setCertificates: (certificates) => secure?.setCertificates(certificates),
    drain,
    close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      if (server !== http1) http1.close()
      drain()
      return ended
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    connections: () => sockets.size,
  }
}

/** Asks once of each connection. */
function once(isBalancer: EntranceParts['isBalancer']): EntranceParts['isBalancer'] {
  const asked = new WeakMap<Socket, Promise<boolean>>()
  return (socket) => {
    const answer = asked.get(socket) ?? isBalancer(socket)
    asked.set(socket, answer)
    return answer
  }
}

function listening(server: Server, { address, port }: Entrance): Promise<void> {
  return new Promise((resolve, reject) => {
    // Later it may report that there was no room for a connection; only that client is affected.
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`cannot listen on ${address}:${port}: ${systemWords(error)}`, { cause: error })),
    )
    server.listen({ host: address.replace(/^\[|\]$/g, ''), port }, () => resolve())
  })
}

type OtherEnd = Pick<Socket, 'remoteAddress' | 'remotePort'>

function otherEnd({ remoteAddress, remotePort }: OtherEnd): string {
  return `${remoteAddress} ${remotePort}`
}

function peerOf({ remoteAddress = '', remotePort = 0 }: OtherEnd): Peer {
  return { address: remoteAddress.replace(/^::ffff:/, ''), port: remotePort }
}

/**
 * TLS with the certificate of the site that the client names, and behind it HTTP/2 or HTTP/1, as both agree. Before it, where a balancer is in front,
 * the line that names the client.
 */
function secureServer(
  { limits, isBalancer }: EntranceParts,
  behind: {
    readonly http1: Server
    readonly http2: { emit(event: 'connection', socket: Socket): boolean }
    readonly named: Map<string, Peer>
  },
): { readonly server: Server; readonly setCertificates: OpenEntrance['setCertificates'] } {
  let certificates: SiteCertificates | undefined
  const tls: TlsServer = createTlsServer({
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: limits.headerWaitMs,
    SNICallback: (name, done) => done(null, certificates?.contextOf(name)),
  })
  // A server checks handed-over connections for silence only after its `listening` event.
  behind.http1.emit('listening')
  tls.on('secureConnection', (secure: TLSSocket) => {
    const { http1, http2 } = behind
    if (secure.alpnProtocol === 'h2') http2.emit('connection', secure)
    else http1.emit('connection', secure)
  })
  tls.on('tlsClientError', (_error, secure) => secure.destroy())

  async function take(socket: Socket): Promise<void> {
    socket.on('error', () => {})
    const line = await readProxyLine(socket, limits.headerWaitMs)
    if (line === '') return void tls.emit('connection', socket)
    const client = clientIn(line ?? '', peerOf(socket))
    if (!client || !(await isBalancer(socket)) || socket.destroyed) return void socket.destroy()
    const key = otherEnd(socket)
    behind.named.set(key, client)
    socket.once('close', () => behind.named.delete(key))
    tls.emit('connection', socket)
  }

  const server = createServer({ noDelay: true }, (socket) => void take(socket))
  server.maxConnections = mostConnections
  return {
    server,
    setCertificates(now) {
      certificates = now
      if (now.general) tls.setSecureContext(now.general)
    },
  }
}
