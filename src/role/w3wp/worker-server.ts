import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import { listenerFields, readRequestFacts, writeAnswerFacts } from '../contract/web-request.ts'
import type { HeaderList } from './rewrite/looking.ts'
import type { AskedRequest, Served } from './serve-request.ts'

/** Longest head of a request that is taken: what the listener takes, with its own field, and some more. */
const mostHeaderBytes = 64 * 1024

/**
 * The server of a pool's process: the listener alone asks it, over a socket of the guest's run directory. What does not bear the listener's field is 400.
 */
export function workerServer(serve: (asked: AskedRequest) => Promise<Served>): Server {
  const server = createServer({ maxHeaderSize: mostHeaderBytes, requestTimeout: 0, keepAliveTimeout: 0 })
  server.on('request', (request, response) => void answer(request, response))
  server.on('upgrade', (request, socket, head) => {
    const response = new ServerResponse(request)
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0])
    response.shouldKeepAlive = false
    response.once('finish', () => socket.end())
    void answer(request, response, { socket, head })
  })
  return server

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    upgrade?: { readonly socket: Duplex; readonly head: Buffer },
  ): Promise<void> {
    const facts = readRequestFacts(oneOf(request.headers[listenerFields.request]))
    if (!facts) return void response.writeHead(400).end()
    const gone = new AbortController()
    response.once('close', () => response.writableFinished || gone.abort())
    const served = await serve({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: headersOf(request),
      facts,
      body: request,
      signal: gone.signal,
      upgrade: upgrade && isWebSocket(request) ? upgrade : undefined,
    })
    if (served) send(response, served, !server.listening)
  }
}

function send(response: ServerResponse, { answer, facts }: NonNullable<Served>, isLast: boolean): void {
  const { status, reason, headers, body } = answer
  // Whatever a program says under the listener's name is not passed on.
  const own = headers.filter(([name]) => name.toLowerCase() !== listenerFields.answer)
  const fields = own.flatMap(([name, value]) => [name, value])
  fields.push(listenerFields.answer, writeAnswerFacts(facts))
  if (Buffer.isBuffer(body) && !headers.some(([name]) => /^content-length$/i.test(name)))
    fields.push('Content-Length', `${body.length}`)
  if (isLast) fields.push('Connection', 'close')
  response.on('error', () => {})
  try {
    response.writeHead(status, ...(reason === undefined ? [] : [reason]), fields)
  } catch {
    return void response.destroy()
  }
  if (body === undefined || Buffer.isBuffer(body)) return void response.end(body)
  // A body that fails half way ends the connection: the client sees that it is not whole.
  pipeline(body, response, (error) => error && response.destroy())
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** As they came, without the listener's own. */
function headersOf({ rawHeaders }: IncomingMessage): HeaderList {
  const headers: [string, string][] = []
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.push([rawHeaders[index] as string, rawHeaders[index + 1] as string])
  return headers.filter(([name]) => name.toLowerCase() !== listenerFields.request)
}

function oneOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}
