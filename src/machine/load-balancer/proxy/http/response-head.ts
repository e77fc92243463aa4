import type { Framing } from './body.ts'
import { readHeadLines } from './head-lines.ts'
import type { RequestHead } from './request-head.ts'
import type { RefusedHead } from './request-line.ts'

/** What must be known about an answer to pass it on. */
export interface ResponseHead {
  readonly status: number
  readonly body: Framing
  /** It flows until somebody leaves (L-19). */
  readonly endless: boolean
  /** The member will use its connection again. */
  readonly memberStaysOpen: boolean
  /** Seconds for which it promises to hold the connection, when it states any. */
  readonly keepAliveSeconds: number | undefined
  /** The client may use its connection again, as far as the answer decides it. */
  readonly clientStaysOpen: boolean
  /** We decide about the client's connection; the answer does not. */
  readonly silentOnClient: boolean
  /** Lines about the member's connection alone, which the client must not see. */
  readonly hopLines: readonly number[]
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)[ \r]/

/**
 * Reads an answer's head; `text` is latin-1 and ends with the CRLF of its last line. `requestSent` is false while the client is
 * still sending the body: an answer that then closes must announce it to the client.
 */
export function readResponseHead(text: string, request: RequestHead, requestSent: boolean): ResponseHead | RefusedHead {
  const match = statusLine.exec(text)
  if (!match) return { refused: 'its first line is not of the form "HTTP/1.1 200 OK"' }
  const lines = readHeadLines(text, text.indexOf('\n') + 1)
  if (typeof lines === 'string') return { refused: lines }
  const status = Number(match[2])
  const old = match[1] === '0'
  const body = framingOf(status, request.method, lines.chunked, lines.contentLength)
  const persists = old || request.old ? lines.keepAlive && !lines.close : !lines.close
  // HTTP/1.1 on both sides: the two connections live and end apart from each other.
  const apart = !old && !request.old && body !== 'untilClose' && status !== 101
  const hidden = apart && (requestSent || persists)
  return {
    status,
    body,
    endless: lines.endless && typeof body !== 'number',
    memberStaysOpen: persists && body !== 'untilClose' && !request.closesMember,
    keepAliveSeconds: lines.keepAliveSeconds,
    clientStaysOpen: hidden ? !lines.closeAmongOthers : persists && body !== 'untilClose',
    silentOnClient: hidden && !lines.closeAmongOthers,
    hopLines: hidden ? lines.hopLines : [],
  }
}

/** Where an answer ends (RFC 9112, 6.3). */
function framingOf(status: number, method: string, chunked: boolean, length: number | undefined): Framing {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0
  return chunked ? 'chunked' : (length ?? 'untilClose')
}
