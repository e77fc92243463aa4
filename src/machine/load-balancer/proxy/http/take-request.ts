import { handshakeRecord } from '../client-hello.ts'
import { takeBody } from './body.ts'
import { beginExchange, type Exchange } from './exchange.ts'
import { overwriteLines } from './head-lines.ts'
import { readRequestHead } from './request-head.ts'
import { type RefusedHead, readRequestLine } from './request-line.ts'

/** Two CRLFs end a head. */
export const headEndMark = Buffer.from('\r\n\r\n')

const lineFeed = 0x0a
const carriageReturn = 0x0d

interface TakenRequest {
  /** Its `opening` is ready to be sent; the bytes are those of `held`. */
  readonly exchange: Exchange
  /** What follows the request. */
  readonly rest: Buffer
}

/**
 * The next request in what the client has sent; undefined while its head is incomplete. `tooLong`: no head of that size is accepted. `scanned`: how
 * many bytes at the start were looked at before, and had no whole head; who sends a head byte by byte would else have all of it read each time.
 */
export function takeRequest(
  held: Buffer,
  headBytes: number,
  scanned = 0,
): TakenRequest | RefusedHead | 'tooLong' | undefined {
  const start = afterEmptyLines(held)
  if (held[start] === handshakeRecord)
    return {
      refused: 'it begins TLS, which an http endpoint does not speak; ask by http, or declare the endpoint as https',
    }
  const headEnd = held.indexOf(headEndMark, Math.max(start, scanned - headEndMark.length + 1))
  if (headEnd > start + headBytes || (headEnd < 0 && held.length - start > headBytes)) return 'tooLong'
  if (headEnd < 0) return refusedEarly(held, start, Math.max(start, scanned))
  const request = readRequestHead(held.toString('latin1', start, headEnd + 2))
  if ('refused' in request) return request
  const exchange = beginExchange(request)
  const bodyStart = headEnd + headEndMark.length
  const end = exchange.requestBody.done ? bodyStart : takeBody(exchange.requestBody, held, bodyStart)
  if (end < 0) return { refused: 'its chunked body is malformed' }
  const left = held.subarray(overwriteLines(held, start, start, request.cutLines), end)
  exchange.opening =
    request.beginning === undefined ? left : Buffer.concat([Buffer.from(request.beginning, 'latin1'), left])
  return { exchange, rest: held.subarray(end) }
}

/** What is left to wait for of an incomplete head: without the empty lines before it. */
export function withoutEmptyLines(held: Buffer): Buffer {
  return held.subarray(afterEmptyLines(held))
}

/** Old clients send an empty line after a body (RFC 9112, 2.2). */
function afterEmptyLines(bytes: Buffer): number {
  let at = 0
  while (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed) at += 2
  return at
}

/** A client whose first line is refused, such as one of HTTP/0.9, may have nothing more to send. Before `fresh` nothing was wrong. */
function refusedEarly(held: Buffer, start: number, fresh: number): RefusedHead | undefined {
  const lineEnd = held.indexOf(lineFeed, fresh)
  if (lineEnd < 0) return undefined
  if (hasBareLineFeed(held, lineEnd)) return { refused: 'a line ends without a carriage return' }
  if (held.indexOf(lineFeed, start) < lineEnd) return undefined
  const line = readRequestLine(held.toString('latin1', start, lineEnd + 1))
  return 'refused' in line ? line : undefined
}

/** A client that ends its lines so would wait for ever for an answer to a head that has no end. */
function hasBareLineFeed(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(lineFeed, from); at >= 0; at = bytes.indexOf(lineFeed, at + 1))
    if (bytes[at - 1] !== carriageReturn) return true
  return false
}
