import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { systemWords } from '../../../kernel/system-words.ts'

/** Most bytes of the headers of a request; most connections; and how long the headers may take. Origin: the API's own limit, and choice. */
const headerLimitBytes = 16 * 1024
const mostConnections = 512
const headersLimitMs = 20_000

/** A body may take long, and is given up when nothing comes (request-body.ts). */
const limits: ServerOptions = { maxHeaderSize: headerLimitBytes, headersTimeout: headersLimitMs, requestTimeout: 0 }

/** Of TLS. */
export const minVersion = 'TLSv1.2'

/** Serves http to this machine. Rejects with one sentence when the port cannot be had. */
export function listenHere(port: number, answer: RequestListener): Promise<Server> {
  return listening(createServer(limits, answer), port, '127.0.0.1')
}

/** Serves https, and asks for a certificate without naming authorities: management certificates are signed by themselves. */
export async function listenElsewhere(
  {
    host,
    port,
    cert,
    key,
  }: { readonly host: string; readonly port: number; readonly cert: string; readonly key: string },
  answer: RequestListener,
): Promise<TlsServer> {
  const tls = {
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion,
    handshakeTimeout: headersLimitMs,
  } as const
  const server = createTlsServer({ ...limits, ...tls }, answer)
  await listening(server, port, host)
  return server
}

async function listening(server: Server, port: number, address: string): Promise<Server> {
  server.maxConnections = mostConnections
  server.listen(port, address)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(`cannot listen on ${address}:${port}: ${systemWords(error)}`, { cause: error })
  }
  return server
}
