import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Log } from '../../kernel/log.ts'
import { XmlError } from '../../kernel/xml.ts'
import { BodyTooLarge, readBody } from '../http/read-body.ts'
import type { WireDesk } from './desk.ts'
import type { Reply } from './reply.ts'
import { refusal, write } from './reply.ts'
import type { WireRequest } from './routes.ts'
import { answer } from './routes.ts'

export interface WireServerOptions {
  /** Whose it is, for the log: the guest's container. */
  readonly containerId: string
  readonly address: string
  /** 0: any free port. */
  readonly port: number
  /** Whether the other end is in the guest: nobody else may ask, or report (design.md 9.5). */
  readonly isGuest: (socket: Socket) => Promise<boolean>
  readonly desk: WireDesk
  readonly log: Log
}

export interface WireListener {
  readonly port: number
  /** Ends at once, held answers too: agents come again. */
  close(): Promise<void>
}

/** A guest has an agent or two, with a connection or two each. */
const connectionLimit = 64

/** Time for a whole request to arrive: what public agents allow for a whole exchange (wire-server.md 4). */
const requestLimitMs = 10_000

/** How long a connection is held between two requests: to find its owner costs a look through all connections of the machine. */
const keepAliveMs = 120_000

/** One wire server for one guest, identified by its port (wire-server.md 1). Rejects with the system's error when the port cannot be opened. */
export async function serveWire(options: WireServerOptions): Promise<WireListener> {
  const allowed = new WeakMap<Socket, Promise<boolean>>()
  const server = createServer(
    {
      requestTimeout: requestLimitMs,
      headersTimeout: requestLimitMs,
      connectionsCheckingInterval: requestLimitMs,
      keepAliveTimeout: keepAliveMs,
    },
    (request, response) => {
      const { socket } = request
      void (allowed.get(socket) ?? Promise.resolve(false))
        .then((may) => (may ? answered(request, options.desk) : stranger(options, socket)))
        .catch((error: unknown) => failure(error, request, options))
        .then((reply) => write(response, reply))
    },
  )
  server.maxConnections = connectionLimit
  server.on('connection', (socket) => allowed.set(socket, options.isGuest(socket)))
  return listening(server, options)
}

/** Port 32526 of the host's address: nothing is there, and agents get that answer, since a refused connection costs them 31 s (wire-server.md 13). */
export async function serveHostPlugin(address: string, port = hostPluginPort): Promise<WireListener> {
  const server = createServer((request, response) => {
    request.resume()
    write(response, refusal(404, 'There is no host plugin.'))
  })
  return listening(server, { address, port })
}

const hostPluginPort = 32_526

async function listening(
  server: Server,
  { address, port }: Pick<WireServerOptions, 'address' | 'port'>,
): Promise<WireListener> {
  server.listen(port, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function stranger({ log, containerId }: WireServerOptions, { localPort }: Socket): Reply {
  log.warn(`wire server of guest ${containerId}, port ${localPort}: a process of another account asked and was refused`)
  return refusal(403, 'This wire server belongs to another account.')
}

async function answered(request: IncomingMessage, desk: WireDesk): Promise<Reply> {
  const url = URL.parse(`http://${request.headers.host ?? 'localhost'}${request.url}`)
  if (!url) return refusal(400, `The URL ${request.url} or the Host header ${request.headers.host} is none.`)
  const wire: WireRequest = {
    method: request.method ?? '',
    url,
    header: (name) => request.headers[name]?.toString(),
    body: async (limitBytes) => (await readBody(request, limitBytes)).toString('utf8'),
  }
  return answer(wire, desk)
}

/** No input of a guest may end this process. */
function failure(error: unknown, request: IncomingMessage, { log, containerId }: WireServerOptions): Reply {
  if (error instanceof XmlError) return refusal(400, `Line ${error.line}: ${error.message.replace(/\.$/, '')}.`)
  if (error instanceof BodyTooLarge || error instanceof URIError) return refusal(400, error.message)
  if (!request.destroyed)
    log.error(`wire server of guest ${containerId}: ${error instanceof Error ? error.stack : String(error)}`)
  return refusal(500, 'The host agent failed; see its log.')
}
