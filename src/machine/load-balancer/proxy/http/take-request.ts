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

/** The next request in what the client has sent; undefined while its head is incomplete. `tooLong`: no head of that size is accepted. */
export function takeRequest(held: Buffer, headBytes: number): TakenRequest | RefusedHead | 'tooLong' | undefined {
  const start = afterEmptyLines(held)
  if (held[start] === handshakeRecord)
    return {
      refused: 'it begins TLS, which an http endpoint does not speak; ask by http, or declare the endpoint as https',
    }
  const headEnd = held.indexOf(headEndMark, start)
  if (headEnd > start + headBytes || (headEnd < 0 && held.length - start > headBytes)) return 'tooLong'
  if (headEnd < 0) return refusedEarly(held, start)
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

/** Old clients send an empty line after a body (RFC 9112, 2.2). */
function afterEmptyLines(bytes: Buffer): number {
  let at = 0
  while (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed) at += 2
  return at
}

/** A client whose first line is refused, such as one of HTTP/0.9, may have nothing more to send. */
function refusedEarly(held: Buffer, start: number): RefusedHead | undefined {
  if (hasBareLineFeed(held, start)) return { refused: 'a line ends without a carriage return' }
  const lineEnd = held.indexOf(lineFeed, start)
  const line = lineEnd < 0 ? undefined : readRequestLine(held.toString('latin1', start, lineEnd + 1))
  return line && 'refused' in line ? line : undefined
}

/** A client that ends its lines so would wait for ever for an answer to a head that has no end. */
function hasBareLineFeed(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(lineFeed, from); at >= 0; at = bytes.indexOf(lineFeed, at + 1))
    if (bytes[at - 1] !== carriageReturn) return true
  return false
}
