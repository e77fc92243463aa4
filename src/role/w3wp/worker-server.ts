import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { listenerFields, readRequestFacts, writeAnswerFacts } from '../contract/web-request.ts'
import type { AskedRequest } from './asked-request.ts'
import type { HandlerAnswer } from './handler.ts'
import { endToEnd, pairs, without } from './handlers/http/fields.ts'
import type { HeaderList } from './rewrite/looking.ts'
import type { Served } from './serve-request.ts'

/** Longest head of a request that is accepted: the listener's limit, with its own field, and some more. */
const mostHeaderBytes = 64 * 1024

/**
 * The server of a pool's process: the listener alone asks it, over a socket of the guest's run directory. A request without the listener's field gets
 * 400. `faulty`: an answer could not be sent; its connection is cut.
 */
export function workerServer(
  serve: (asked: AskedRequest) => Promise<Served>,
  faulty: (error: unknown) => void,
): Server {
  const server = createServer({
    maxHeaderSize: mostHeaderBytes,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    shouldUpgradeCallback: isWebSocket,
  })
  server.on('request', take)
  // A client that waits for 100 Continue gets it once its body is read, and not at all when the request is refused for its head.
  server.on('checkContinue', (request, response) => {
    request.once('resume', () => response.headersSent || response.writeContinue())
    take(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {})
    const response = new ServerResponse(request)
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0])
    response.shouldKeepAlive = false
    response.once('finish', () => socket.end())
    take(request, response, { socket, head })
  })
  return server

  function take(request: IncomingMessage, response: ServerResponse, upgrade?: AskedRequest['upgrade']): void {
    answer(request, response, upgrade).catch((error: unknown) => {
      faulty(error)
      response.destroy()
    })
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    upgrade: AskedRequest['upgrade'],
  ): Promise<void> {
    const facts = readRequestFacts(oneOf(request.headers[listenerFields.request]))
    if (!facts) return void response.writeHead(400).end()
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) gone.abort()
      // A connection that was busy when the server was closed is idle now, and nobody else would end it.
      if (!server.listening) setImmediate(() => server.closeIdleConnections())
    })
    const served = await serve({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: headersOf(request),
      facts,
      body: request,
      signal: gone.signal,
      upgrade,
    })
    if (served?.trace) response.once('close', served.trace)
    if (served) send(response, served, !server.listening)
  }
}

function send(response: ServerResponse, { answer, facts }: NonNullable<Served>, isLast: boolean): void {
  const { status, reason, body } = answer
  response.on('error', () => {})
  try {
    const fields = sentFields(answer)
    fields.push(listenerFields.answer, writeAnswerFacts(facts))
    if (isLast) fields.push('Connection', 'close')
    response.writeHead(status, ...(reason === undefined ? [] : [reason]), fields)
  } catch (error) {
    if (!Buffer.isBuffer(body)) body?.destroy()
    throw error
  }
  if (body === undefined || Buffer.isBuffer(body)) response.end(body)
  else pass(body, response, promisedBytes(answer))
}

/** The fields of an answer, name and value in turn: without those of a connection, and with the length of a body that is whole. */
export function sentFields({ headers, body }: HandlerAnswer): string[] {
  const isWhole = Buffer.isBuffer(body)
  const fields: string[] = []
  for (const [name, value] of withoutListeners(endToEnd(headers)))
    if (!(isWhole && name.toLowerCase() === 'content-length')) fields.push(name, value)
  if (isWhole) fields.push('Content-Length', `${body.length}`)
  return fields
}

/** Bytes of the body that its head promises; undefined where it promises none. Of a status without a body Node sends none. */
function promisedBytes({ status, headers }: HandlerAnswer): number | undefined {
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  return status === 204 || status === 304 || length === undefined ? undefined : Number(length)
}

/**
 * As many of a body's bytes as its head promises, and then its end: the listener would read more as the beginning of another answer, and what comes
 * after it belongs to another request. What is left is read and dropped. Fails when the body ends with fewer: the listener would wait for them.
 */
function held(promised: number): Transform {
  let left = promised
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      if (left === 0) return done()
      const fitting = part.subarray(0, left)
      left -= fitting.length
      this.push(fitting)
      if (left === 0) this.push(null)
      done()
    },
    flush: (done) => done(left > 0 ? new Error(`${left} bytes of ${promised} are missing.`) : null),
  })
}

/** A body that fails half way ends the connection: the client sees that it is not whole. A pipeline of Node makes an AbortError of every answer. */
function pass(body: Readable, response: ServerResponse, promised: number | undefined): void {
  body.on('error', () => response.destroy())
  body.once('close', () => body.readableEnded || response.destroy())
  response.once('close', () => response.writableFinished || body.destroy())
  if (body.destroyed) response.destroy()
  // When the client has disconnected meanwhile, `close` does not come again, and the file behind the body would stay open.
  else if (response.destroyed) body.destroy()
  else if (promised === undefined || response.req.method === 'HEAD') body.pipe(response)
  else
    body
      .pipe(held(promised))
      .on('error', () => response.destroy())
      .pipe(response)
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** As they came, without the fields between the listener and this process. */
function headersOf({ rawHeaders }: IncomingMessage): HeaderList {
  return withoutListeners(pairs(rawHeaders))
}

/** Neither side of the two passes on what a stranger has written in the other's name. */
export function withoutListeners(headers: HeaderList): HeaderList {
  return without(headers, isListeners)
}

const isListeners = (name: string) => name === listenerFields.request || name === listenerFields.answer

function oneOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}
