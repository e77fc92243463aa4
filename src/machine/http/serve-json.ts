import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import type { Fault } from '../../kernel/fault.ts'
import type { Log } from '../../kernel/log.ts'
import { contractHeader, contractRefusal } from './contract-header.ts'
import { untimelyCode, untimelyStatus } from './json-client.ts'
import { endGently } from './linger.ts'
import { listen, type RenewableListening } from './listen.ts'
import { BodyTooLarge, readBody } from './read-body.ts'
import { type Caller, callerOf, limitStrangers, untimely } from './strangers.ts'
import type { TlsMaterial } from './tls.ts'

export interface JsonCall {
  /** Common name in the caller's certificate, which the fabric's authority has signed; '' of a stranger. */
  readonly peer: string
  /** Where the caller is, without its port. */
  readonly address: string
  /** The caller's certificate, PEM. */
  readonly certificate: () => string
  /** What follows the route's path when that ends in `/`, percent-decoded; otherwise ''. */
  readonly rest: string
  readonly query: URLSearchParams
  /** Parsed JSON of the request, undefined when it has no body. The authority vouches for the caller, so its shape is believed; not that of a stranger. */
  readonly body: unknown
  /** The bytes of the body, of a route that takes content; else they are read already. */
  readonly content: AsyncIterable<Uint8Array>
  /** Aborted when the caller has disconnected or the server is closing: a held long poll then ends. */
  readonly signal: AbortSignal
}

/** Undefined is 204, no content. */
export type JsonAnswer =
  | { readonly json: unknown }
  | { readonly file: string }
  | { readonly refused: Fault; readonly status: number }
  | undefined

export interface JsonRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Exact, or every path below it when it ends in `/`. */
  readonly path: string
  /** Its body is no JSON and may be large: `handle` reads it, and bounds it. What it leaves is not waited for. */
  readonly takesContent?: boolean | undefined
  /** Who may call; all others get 403, and 401 who shows a certificate of another time. Not asked about strangers. */
  allows(peer: string): boolean
  /** True: it may be called without a certificate. */
  readonly forStrangers?: true | undefined
  /** True: also by whom `believes` does not know; the authority has signed its certificate. */
  readonly forUnlisted?: true | undefined
  /** Of the request's body; the server's own limit when absent. */
  readonly bodyLimitBytes?: number | undefined
  handle(call: JsonCall): Promise<JsonAnswer>
}

export interface JsonServerOptions {
  readonly address: string
  /** 0: any free port. */
  readonly port: number
  readonly tls: TlsMaterial
  readonly routes: readonly JsonRoute[]
  readonly log: Log
  readonly bodyLimitBytes?: number | undefined
  /** True: routes for strangers may be called without a certificate of the authority. */
  readonly admitsStrangers?: boolean | undefined
  /** Whether a certificate that the authority has signed is still believed; absent: each is. */
  readonly believes?: ((caller: Caller) => boolean) | undefined
  /** What they are answered whose certificate is not; undefined: 403. */
  readonly unbelieved?: (() => JsonAnswer) | undefined
}

/** An API request body has at most 10 MiB, and a configuration grows a little when it is written as JSON. */
const defaultBodyLimitBytes = 16 * 1024 * 1024

/** Connections are held longer than clients use them (json-client.ts), so that it is the client that ends them. */
const keepAliveMs = 75_000

/** For the handshake, before anybody is known. Origin: choice; Node's own is two minutes. */
const handshakeMs = 10_000

/**
 * Serves JSON over HTTPS to callers whose certificate the authority has signed. Others do not get past the handshake, or, when strangers
 * are admitted, reach the routes for them alone. Rejects when the port cannot be opened.
 */
export async function serveJson(options: JsonServerOptions): Promise<RenewableListening> {
  const closing = new AbortController()
  const server = createServer(
    {
      ...options.tls,
      requestCert: true,
      rejectUnauthorized: !options.admitsStrangers,
      keepAliveTimeout: keepAliveMs,
      handshakeTimeout: handshakeMs,
      // Who reads content sees to its pace; Node would end it after five minutes.
      ...(options.routes.some(({ takesContent }) => takesContent) && { requestTimeout: 0 }),
    },
    (request, response) => {
      void answerTo(request, response, options, closing.signal)
        .catch((error: unknown) => {
          if (error instanceof BodyTooLarge) return refusal(413, 'BadRequest', error.message)
          if (error instanceof SyntaxError) return refusal(400, 'BadRequest', `the body is no JSON: ${error.message}`)
          // What a stranger sends could fill the log.
          if (callerOf(request.socket as TLSSocket))
            options.log.error(
              `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
            )
          return refusal(500, 'InternalError', 'an internal error; see the log of this process')
        })
        .then((answer) => write(response, answer))
        .catch(() => response.destroy())
    },
  )
  if (options.admitsStrangers) limitStrangers(server)
  const listening = await listen(server, options.port, options.address)
  return {
    port: listening.port,
    renew: (tls) => server.setSecureContext({ ...tls }),
    close() {
      closing.abort()
      return listening.close()
    },
  }
}

async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  options: JsonServerOptions,
  closing: AbortSignal,
): Promise<JsonAnswer> {
  const asked = request.url ?? '/'
  if (!URL.canParse(asked, 'https://fabric')) return refusal(400, 'BadRequest', 'the address cannot be read')
  const url = new URL(asked, 'https://fabric')
  const here = options.routes.filter((route) => matches(route.path, url.pathname))
  const route = here.find((candidate) => candidate.method === request.method)
  if (!route)
    return refusal(here.length > 0 ? 405 : 404, 'NotFound', `nothing answers ${request.method} ${url.pathname}`)
  const socket = request.socket as TLSSocket
  const isBelieved = (caller: Caller) => route.forUnlisted || (options.believes?.(caller) ?? true)
  const mayCall = () => {
    const caller = callerOf(socket)
    return caller !== undefined && route.allows(caller.name) && isBelieved(caller)
  }
  const forbidden = () => {
    const sentence = untimely(socket)
    if (sentence !== undefined) return refusal(untimelyStatus, untimelyCode, sentence)
    const caller = callerOf(socket)
    const unsure = caller && !isBelieved(caller) ? options.unbelieved?.() : undefined
    return unsure ?? refusal(403, 'Forbidden', `"${caller?.name ?? ''}" may not call ${request.method} ${url.pathname}`)
  }
  if (!route.forStrangers && !mayCall()) return forbidden()
  const strange = contractRefusal(request.headers[contractHeader]?.toString())
  if (strange !== undefined) return refusal(426, 'ContractVersion', strange)
  const limit = route.bodyLimitBytes ?? options.bodyLimitBytes ?? defaultBodyLimitBytes
  const text = route.takesContent ? '' : (await readBody(request, limit)).toString('utf8')
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await route.handle({
    peer: callerOf(socket)?.name ?? '',
    address: socket.remoteAddress ?? '',
    certificate: () => String(socket.getPeerX509Certificate()),
    rest: route.path.endsWith('/') ? decodeURIComponent(url.pathname.slice(route.path.length)) : '',
    query: url.searchParams,
    body: text === '' ? undefined : JSON.parse(text),
    content: request,
    signal: AbortSignal.any([gone.signal, closing]),
  })
  if (route.takesContent && !request.complete) endGently(response)
  // While a long poll was held, the caller may have been removed.
  return route.forStrangers || mayCall() ? answer : forbidden()
}

function matches(path: string, asked: string): boolean {
  return path.endsWith('/') ? asked.startsWith(path) && asked.length > path.length : asked === path
}

function refusal(status: number, code: string, message: string): JsonAnswer {
  return { refused: { code, message }, status }
}

async function write(response: ServerResponse, answer: JsonAnswer): Promise<void> {
  if (answer === undefined) {
    response.writeHead(204).end()
  } else if ('file' in answer) {
    const { size } = await stat(answer.file)
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size })
    await pipeline(createReadStream(answer.file), response)
  } else {
    const text = JSON.stringify('json' in answer ? answer.json : answer.refused)
    response.writeHead('json' in answer ? 200 : answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      // Another connection is judged by another time.
      ...('refused' in answer && answer.status === untimelyStatus && { connection: 'close' }),
    })
    response.end(text)
  }
}
