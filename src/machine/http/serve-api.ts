import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type Certificate, parseCertificate } from '../certificates/certificate.ts'
import type { HttpAnswer } from './http-answer.ts'
import { endGently } from './linger.ts'
import { listen, type RenewableListening } from './listen.ts'
import { BodyTooLarge, readBody } from './read-body.ts'
import { catchUnreadable, type UnreadableArrival } from './unreadable.ts'

export interface HttpRequest {
  readonly method: string
  /** Path and query, as written. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The caller's certificate; only its possession of the key was checked. */
  readonly certificate: Certificate | undefined
  readonly clientAddress: string
  /**
   * Undefined when the body is larger than the server's limit, which may be known before any of it has arrived. A body that is not read is not waited
   * for.
   */
  body(): Promise<Uint8Array | undefined>
}

export interface ApiServerOptions {
  readonly address: string
  readonly port: number
  /** PEM. */
  readonly certificate: { readonly cert: string; readonly key: string }
  readonly bodyLimitBytes: number
  /** Of all headers of a request together, with its first line. */
  readonly headerLimitBytes: number
  /** Must not reject. */
  answer(request: HttpRequest): Promise<HttpAnswer>
  /** The received bytes cannot be read as a request; the connection ends after the answer. */
  unreadable(found: UnreadableArrival): HttpAnswer
}

const minVersion = 'TLSv1.2'

/** Clients of the API use a connection again after minutes of waiting for an operation. */
const keepAliveMs = 120_000

/**
 * Serves HTTPS to callers with any certificate or none: it is requested in the first handshake, without names of authorities, and the code
 * that answers the request judges it. Node itself answers nothing: requests with a missing Host header or an unknown expectation
 * are requests like others. Rejects when the port cannot be opened.
 */
export async function serveApi(options: ApiServerOptions): Promise<RenewableListening> {
  const { cert, key } = options.certificate
  const server = createServer(
    {
      // Without `ca` no authority is named: clients that honour the list would send none of their self-signed certificates.
      cert,
      key,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion,
      keepAliveTimeout: keepAliveMs,
      requireHostHeader: false,
      maxHeaderSize: options.headerLimitBytes,
    },
    inTurn,
  )
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  const newest = new WeakMap<object, Promise<void>>()

  /** One after the other on each connection: a request that is sent early may build on the one before (RFC 9112 9.3.2). */
  function inTurn(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const before = newest.get(socket) ?? Promise.resolve()
    newest.set(
      socket,
      before.then(() => respond(request, response, options)),
    )
  }

  catchUnreadable(server, (found) => options.unreadable(found))
  const listening = await listen(server, options.port, options.address)
  return { ...listening, renew: (tls) => server.setSecureContext({ cert: tls.cert, key: tls.key, minVersion }) }
}

async function respond(request: IncomingMessage, response: ServerResponse, options: ApiServerOptions): Promise<void> {
  const socket = request.socket as TLSSocket
  // The caller disconnected before its turn.
  if (socket.destroyed) return
  const shown = socket.getPeerCertificate().raw as Buffer | undefined
  const answer = await options.answer({
    method: request.method ?? '',
    target: request.url ?? '/',
    headers: request.headers as HttpRequest['headers'],
    certificate: shown && parseCertificate(shown),
    clientAddress: socket.remoteAddress ?? '',
    body: () => bodyOf(request, response, options.bodyLimitBytes),
  })
  if (!request.complete) endGently(response)
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** A caller that waits for permission to send gets it only when its body is read. */
async function bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
  limitBytes: number,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return undefined
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue()
  return readBody(request, limitBytes).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) return undefined
    throw error
  })
}
