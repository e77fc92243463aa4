import type { Writable } from 'node:stream'
import { readAnswerFacts } from '../../role/contract/web-request.ts'
import type { WireHead } from '../../role/contract/web-wire.ts'
import { valuesOf } from './head.ts'
import type { Routed, Sending } from './routed.ts'
import type { WorkerConnections } from './worker-connections.ts'
import { facing, factsText, workerFields } from './worker-head.ts'

/** A part of a body up to so many bytes goes with what is before it in one piece of text. Origin: measured. */
const smallBytes = 4_096

/** Methods that a client may repeat, and so may we, when nobody knows whether a process that has ended had seen the request (RFC 9110, 9.2.1). */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who sends a request over the wire. */
export interface WireSender {
  /** Nobody listens at the wire. */
  readonly unopened: () => void
  /** The process gives no answer, or not all of it; `unseen` when the request may go to another one. */
  readonly failed: (unseen: boolean) => void
}

/** Sends a request without a body over the wire; undefined where nobody listens at that. */
export function sendByWire(
  { wire, begin }: WorkerConnections,
  routed: Routed,
  { unopened, failed }: WireSender,
): Sending | undefined {
  const { exchange, target: url } = routed
  const { method } = exchange.head
  let head: WireHead | undefined
  let facts = readAnswerFacts(undefined)
  let writable: Writable | undefined
  let promised: number | undefined
  let sent = 0
  let isOver = false
  let isHeld = false

  function lose(unseen: boolean): void {
    end()
    failed(unseen)
  }

  const request = {
    method,
    url,
    facts: factsText(routed),
    fields: [...workerFields(routed), 'Connection', 'keep-alive'],
  }
  const asked = wire.ask(request, {
    head(said) {
      head = said
      facts = readAnswerFacts(said.facts)
      if (facts.isAborted) return exchange.abort()
      const answer = facing(said.status, said.reason, said.fields)
      if (!isSizedOnce(answer.fields)) return lose(false)
      promised = promisedBytes(method, answer.status, answer.fields)
      try {
        writable = exchange.begin(answer)
      } catch {
        lose(false)
      }
    },
    piece(bytes, isLast) {
      if (!writable || isOver) return
      // More than is promised would be read as the beginning of the next answer.
      const fitting = promised === undefined ? bytes : bytes.subarray(0, promised - sent)
      sent += fitting.length
      if (isLast && promised !== undefined && sent < promised) return lose(false)
      if (isLast) {
        isOver = true
        over()
        if (fitting.length <= smallBytes) writable.end(fitting.toString('latin1'), 'latin1')
        else writable.end(fitting)
      } else if (fitting.length > 0 && !writable.write(fitting) && !isHeld) {
        isHeld = true
        asked?.pause()
        writable.once('drain', () => {
          isHeld = false
          asked?.resume()
        })
      }
    },
    failed(how) {
      if (how !== 'unopened') return lose(how === 'ended' && head === undefined && safe.has(method))
      end()
      unopened()
    },
  })
  if (!asked) return undefined
  const over = begin()

  function end(): void {
    if (isOver) return
    isOver = true
    asked?.cancel()
    over()
  }

  return { end, soFar: () => ({ status: head?.status, facts, bodies: { received: 0, sent } }) }
}

/** Two lengths, or one that is no number, would let a client look for the next answer in the wrong place. */
function isSizedOnce(fields: readonly string[]): boolean {
  const [length = '0', ...others] = valuesOf(fields, 'content-length')
  return others.length === 0 && /^\d{1,15}$/.test(length)
}

/** Bytes of the body that its head promises, once that is sized once; undefined where it promises none. */
function promisedBytes(method: string, status: number, fields: readonly string[]): number | undefined {
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  const [length] = valuesOf(fields, 'content-length')
  return length === undefined ? undefined : Number(length)
}
