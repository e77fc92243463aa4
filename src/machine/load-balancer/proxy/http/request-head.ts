import { clientField } from '../tell-client.ts'
import type { Framing } from './body.ts'
import { linesCalled, readHeadLines } from './head-lines.ts'
import { type RefusedHead, type RequestLine, readRequestLine } from './request-line.ts'

/** What must be known about a request to pass it on. */
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
  /** Start and end of each line that is not passed on, ascending: those about the client's connection alone, those that `beginning` stands for, and what only a balancer may say (L-24). */
  readonly cutLines: readonly number[]
  /** Is sent before the lines that are left, if it is there. */
  readonly beginning: string | undefined
  /** Connection names `close` together with other tokens, so the member receives it too. */
  readonly closesMember: boolean
}

/** The offer of HTTP/2 in the place of HTTP/1.1 (RFC 7540, 3.2), and its name in Connection. */
const http2Offer = /(?:^|[ \t,])h2c(?:$|[ \t,])/
const http2OfferFields = ['connection', 'keep-alive', 'upgrade', 'http2-settings']

const methodsRepeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Reads a request's head; `text` is latin-1 and ends with the CRLF of its last line. */
export function readRequestHead(text: string): RequestHead | RefusedHead {
  const line = readRequestLine(text)
  if ('refused' in line) return line
  const { method, old, beginning } = line
  const lines = readHeadLines(text, line.length)
  if (typeof lines === 'string') return { refused: lines }
  if (old && lines.chunked) return { refused: 'HTTP/1.0 knows no Transfer-Encoding' }
  if (line.host !== undefined && !old && lines.host === undefined) return { refused: 'there is no Host field' }
  // Requests of HTTP/2 could not be separated: the offer is removed, which a proxy may do (RFC 9110, 7.8).
  const offersHttp2 = !old && lines.upgradeTo !== undefined && http2Offer.test(lines.upgradeTo)
  const upgrade = lines.upgradeToken && !offersHttp2 ? lines.upgradeTo : undefined
  // The member must receive unchanged what HTTP/1.0 states about connections, and what an upgrade states.
  const verbatim = old || upgrade !== undefined
  const hopLines = verbatim ? [] : offersHttp2 ? linesCalled(http2OfferFields, text, line.length) : lines.hopLines
  return {
    method,
    old,
    host: line.host ?? lines.host,
    body: lines.chunked ? 'chunked' : (lines.contentLength ?? 0),
    staysOpen: old ? lines.keepAlive && !lines.close : !lines.close,
    upgrade,
    cutLines: beginning === undefined && !lines.namesClient ? hopLines : withOthers(hopLines, text, line),
    beginning,
    closesMember: verbatim ? lines.close : lines.closeAmongOthers && !offersHttp2,
  }
}

/** Also what only a balancer may say, and what `beginning` stands for: the first line, and Host if the target names one. */
function withOthers(hopLines: readonly number[], text: string, line: RequestLine): readonly number[] {
  const { length, host, beginning } = line
  const others = linesCalled(host === undefined ? [clientField] : [clientField, 'host'], text, length)
  return [
    ...(beginning === undefined ? [] : [0, length]),
    ...[...others, ...hopLines].sort((one, other) => one - other),
  ]
}

/**
 * Whether nothing can follow the head: it has no body, and it announces the client's last request (RFC 9112, 9.6). After a body
 * some clients send a line end that does not belong to it (RFC 9112, 2.2).
 */
export function isLast({ staysOpen, body }: RequestHead): boolean {
  return !staysOpen && body === 0
}

/** Whether sending it twice has the same effect as sending it once (RFC 9110, 9.2.2). */
export function isIdempotent(method: string): boolean {
  return methodsRepeatable.has(method)
}
