import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Unreadable } from '../../front-end/contract/unreadable.ts'
import { type Certificate, parseCertificate } from '../certificates/certificate.ts'
import type { HttpAnswer } from './http-answer.ts'

/** The bytes received instead of a request, and their sender. */
export interface UnreadableArrival extends Unreadable {
  readonly certificate: Certificate | undefined
  readonly clientAddress: string
}

const kinds: Readonly<Record<string, Unreadable['kind']>> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'tooSlow',
}

/**
 * Answers unreadable bytes with the server's own text instead of Node's, and ends the connection: where the next request would
 * begin is unknown. An answer in progress is sent first, and one that has begun is not written into.
 */
export function catchUnreadable(server: Server, answer: (found: UnreadableArrival) => HttpAnswer): void {
  const newest = new WeakMap<Duplex, { readonly request: IncomingMessage; readonly response: ServerResponse }>()

  server.on('request', (request, response) => void newest.set(request.socket, { request, response }))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const refuse = () => end(socket, kinds[error.code ?? ''] ?? 'malformed', error.message)
    const { request, response } = newest.get(socket) ?? {}
    if (!request?.complete && response?.headersSent) socket.destroy()
    else if (request?.complete && !response?.closed) response?.once('close', refuse)
    else refuse()
  })
  server.on('connect', (_request, socket) => end(socket, 'malformed', 'CONNECT is for proxies'))

  function end(socket: Duplex, kind: Unreadable['kind'], detail: string): void {
    if (!socket.writable) return void socket.destroy()
    const { remoteAddress } = socket as TLSSocket
    const shown = (socket as TLSSocket).getPeerCertificate().raw as Buffer | undefined
    const certificate = shown && parseCertificate(shown)
    const { status, headers, body } = answer({ kind, detail, certificate, clientAddress: remoteAddress ?? '' })
    const all = { date: new Date().toUTCString(), connection: 'close', ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  }
}
