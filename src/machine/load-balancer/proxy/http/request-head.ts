import type { Framing } from './body.ts'
import { readHeadLines } from './head-lines.ts'

/** What must be known of a request to pass it on. */
export interface RequestHead {
  readonly method: string
  /** HTTP/1.0. */
  readonly old: boolean
  readonly host: string | undefined
  readonly body: Framing
  /** The client will use its connection again. */
  readonly staysOpen: boolean
  /** The protocol that it asks for, in lower case, if it asks for one. */
  readonly upgrade: string | undefined
  /** Lines about the client's connection alone (see HeadLines.hopLines). */
  readonly hopLines: readonly number[]
  /** Connection names `close` together with other tokens, so that the member is told too. */
  readonly closesMember: boolean
}

/** Why a request is refused: one sentence for the client. */
export interface RefusedHead {
  readonly refused: string
}

/** `METHOD SP target SP HTTP/1.x CRLF`, exactly: other white space is read differently by different servers. */
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~\x80-\xff]+) HTTP\/1\.([01])\r\n/

/** What a client of HTTP/2 without TLS says first (RFC 9113, 3.4). */
const http2Preface = 'PRI * HTTP/2.0\r\n'

const methodsRepeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Reads a request's head; `text` is latin-1 and ends with the CRLF of its last line. */
export function readRequestHead(text: string): RequestHead | RefusedHead {
  if (text.startsWith(http2Preface))
    return { refused: 'it begins HTTP/2, which an http endpoint does not speak; declare the endpoint as tcp' }
  const match = requestLine.exec(text)
  if (!match) return { refused: 'its first line is not of the form "METHOD target HTTP/1.1"' }
  const [line, method = '', target, minor] = match
  if (method === 'CONNECT') return { refused: `CONNECT ${target} asks for a tunnel, which a cloud service has not` }
  const lines = readHeadLines(text, line.length)
  if (typeof lines === 'string') return { refused: lines }
  const old = minor === '0'
  if (old && lines.chunked) return { refused: 'HTTP/1.0 knows no Transfer-Encoding' }
  // What HTTP/1.0 says of connections, and what an upgrade says, the member must hear as it was said.
  const upgrade = lines.upgradeToken ? lines.upgradeTo : undefined
  const verbatim = old || upgrade !== undefined
  return {
    method,
    old,
    host: lines.host,
    body: lines.chunked ? 'chunked' : (lines.contentLength ?? 0),
    staysOpen: old ? lines.keepAlive && !lines.close : !lines.close,
    upgrade,
    hopLines: verbatim ? [] : lines.hopLines,
    closesMember: verbatim ? lines.close : lines.closeAmongOthers,
  }
}

/** Whether asking twice does what asking once does (RFC 9110, 9.2.2). */
export function isIdempotent(method: string): boolean {
  return methodsRepeatable.has(method)
}
