import type { Duplex, Readable, Writable } from 'node:stream'
import type { RawHead } from './head.ts'

export interface Peer {
  readonly address: string
  readonly port: number
}

/** A request and its answer, for every version of HTTP. */
export interface Exchange {
  readonly begunAt: number
  readonly head: RawHead
  /** The other end of the connection, or the client that the balancer has named at its beginning. */
  readonly peer: Peer
  /** Whether the platform's balancer is at the other end, so that the client it names is believed (I-36). */
  readonly isBalancers: () => Promise<boolean>
  /** As the web log and w3wp know it: `HTTP/1.1`, `HTTP/2.0`. */
  readonly protocol: string
  /** Of HTTP/2; undefined in HTTP/1. */
  readonly streamId?: number | undefined
  /** The protocol that the client asks for instead. */
  readonly upgrade?: string | undefined
  readonly hasBody: boolean
  readonly body: Readable
  /** When the body has ended: whether the client has sent all of it. */
  readonly isBodyWhole: () => boolean
  readonly sayContinue: () => void
  /** Writes the head of the answer, fields as name and value in turn; `isLast`: the connection ends after it. */
  readonly begin: (answer: AnswerHead) => Writable
  /** With `upgrade`: writes the head of a 101, and is then a connection of the other protocol. */
  readonly switchOver: (answer: AnswerHead) => Duplex
  /** Ends the connection, or the stream, without an answer or in the middle of it. */
  readonly abort: () => void
  /** Called once, when it is over: `isWhole` when all of the answer was sent. */
  readonly onEnd: (ended: (isWhole: boolean) => void) => void
  /** Bytes of the request and of the answer, heads included. */
  readonly measure: (bodies: Bytes) => Bytes
}

export interface AnswerHead {
  readonly status: number
  readonly statusText: string
  readonly fields: readonly string[]
  readonly isLast: boolean
}

export interface Bytes {
  readonly received: number
  readonly sent: number
}
