import { createServer, type Http2Server, type Http2Session } from 'node:http2'
import type { Peer } from './exchange.ts'
import type { Arrivals } from './http1-server.ts'
import { http2Exchange } from './http2-exchange.ts'
import { type HttpSysLimits, http2Limits } from './limits.ts'

/** A server of HTTP/2, for connections that have agreed on it. `endIdle`: each connection ends after the requests that it has begun. */
export function http2Server(
  limits: HttpSysLimits,
  { arrived, peerOf, faulty }: Omit<Arrivals, 'isBalancer'>,
): { readonly server: Http2Server; readonly endIdle: () => void } {
  const server = createServer({
    maxHeaderListPairs: http2Limits.fields,
    settings: { maxConcurrentStreams: http2Limits.streams, maxHeaderListSize: limits.headBytes },
  })
  /** With the other end of each. */
  const sessions = new Map<Http2Session, Peer>()
  server.on('session', (session) => {
    sessions.set(session, peerOf(session.socket))
    const streams = { open: 0 }
    session.once('close', () => sessions.delete(session))
    session.on('error', () => {})
    session.on('stream', (stream) => {
      streams.open += 1
      stream.once('close', () => {
        streams.open -= 1
      })
    })
    session.setTimeout(limits.connectionMs, () => {
      if (streams.open === 0) session.close()
    })
  })
  server.on('stream', (stream, _headers, _flags, rawFields) => {
    const peer = stream.session && sessions.get(stream.session)
    if (!peer) return
    stream.setTimeout(limits.connectionMs, () => {
      const isBehind = stream.writableLength > 0
      const isAwaited = !stream.readableEnded && !stream.isPaused() && stream.readableLength === 0
      if (!isBehind && !isAwaited) return
      faulty(peer, isBehind ? 'Timer_MinBytesPerSecond' : 'Timer_EntityBody')
      stream.close()
    })
    arrived(http2Exchange(stream, rawFields, peer))
  })
  return {
    server,
    endIdle: () => {
      for (const session of sessions.keys()) session.close()
    },
  }
}
