import { bodyProgress, takeBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { overwriteLines } from './head-lines.ts'
import { type ResponseHead, readResponseHead } from './response-head.ts'
import { headEndMark } from './take-request.ts'

/** What bytes from a member mean for the client. */
export interface AnswerStep {
  /** Bytes to pass on to the client before anything else is done. */
  readonly pass: Buffer | undefined
  /** `switched`: the connection speaks another protocol from here on. `malformed`: the end of the answer cannot be found. */
  readonly next: 'more' | 'done' | 'switched' | 'malformed'
  /** When it switches: how much of `pass` is http. */
  readonly headBytes?: number
}

const closeLine = Buffer.from('Connection: close\r\n')
const more: AnswerStep = { pass: undefined, next: 'more' }
const malformed: AnswerStep = { pass: undefined, next: 'malformed' }

/**
 * Follows the answer through bytes from the member, and records its progress in the exchange. Heads are changed in place.
 * `lastAnswer`: the client's connection ends with it, and its head says so.
 */
export function takeAnswer(exchange: Exchange, bytes: Buffer, lastAnswer: boolean, headBytes: number): AnswerStep {
  exchange.answered = true
  if (!exchange.responseBody) return takeHead(exchange, bytes, lastAnswer, headBytes)
  const end = takeBody(exchange.responseBody, bytes, 0)
  if (end < 0) return malformed
  if (end < bytes.length) exchange.spoiled = true
  return {
    pass: end === bytes.length ? bytes : bytes.subarray(0, end),
    next: exchange.responseBody.done ? 'done' : 'more',
  }
}

function takeHead(exchange: Exchange, came: Buffer, lastAnswer: boolean, headBytes: number): AnswerStep {
  const bytes = exchange.partialHead ? Buffer.concat([exchange.partialHead, came]) : came
  exchange.partialHead = undefined
  for (let at = 0; ; ) {
    const headEnd = bytes.indexOf(headEndMark, at)
    if (headEnd < 0 || headEnd - at > headBytes) {
      if (bytes.length - at > headBytes) return malformed
      // A copy: the buffer that bytes arrive in is used again.
      if (at < bytes.length) exchange.partialHead = Buffer.from(bytes.subarray(at))
      return at === 0 ? more : { pass: bytes.subarray(0, at), next: 'more' }
    }
    const head = readResponseHead(
      bytes.toString('latin1', at, headEnd + 2),
      exchange.request,
      exchange.requestBody.done,
    )
    if ('refused' in head) return malformed
    const bodyStart = headEnd + headEndMark.length
    if (head.status === 101)
      return exchange.request.upgrade === undefined
        ? malformed
        : { pass: bytes, next: 'switched', headBytes: bodyStart }
    if (head.status >= 200) return startBody(exchange, head, bytes, at, bodyStart, lastAnswer)
    at = bodyStart
  }
}

/** The final head begins at `at`; interim answers stand before it. */
function startBody(
  exchange: Exchange,
  head: ResponseHead,
  bytes: Buffer,
  at: number,
  bodyStart: number,
  lastAnswer: boolean,
): AnswerStep {
  const body = bodyProgress(head.body)
  exchange.response = head
  exchange.responseBody = body
  const end = body.done ? bodyStart : takeBody(body, bytes, bodyStart)
  if (end < 0) return malformed
  if (end < bytes.length) exchange.spoiled = true
  const start = overwriteLines(bytes, 0, at, head.hopLines)
  const next = body.done ? 'done' : 'more'
  if (!head.silentOnClient || !lastAnswer) return { pass: bytes.subarray(start, end), next }
  const lastLine = bodyStart - 2
  return { pass: Buffer.concat([bytes.subarray(start, lastLine), closeLine, bytes.subarray(lastLine, end)]), next }
}
