import type { RotationMember } from '../../../../fabric/contract/rotation.ts'
import type { MemberConnection } from '../member-connection.ts'
import { type BodyProgress, bodyProgress } from './body.ts'
import { isIdempotent, type RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** One request and its answer. It ends when both have passed. */
export interface Exchange {
  readonly request: RequestHead
  readonly requestBody: BodyProgress
  /** Everything taken from the client so far, until more of the body follows: what can be sent to another member. */
  opening: Buffer | undefined
  member: RotationMember | undefined
  connection: MemberConnection | undefined
  connected: boolean
  /** Members that did not take it, each on a new connection. */
  readonly failed: RotationMember[]
  /** A reused connection failed: the next one is new. */
  avoidPool: boolean
  /** A member that had all of it on a new connection has failed without an answer: it may have been the request that ended it. */
  failedOne: boolean
  /** Some byte of an answer came. */
  answered: boolean
  /** The start of a head that has not come whole. */
  partialHead: Buffer | undefined
  response: ResponseHead | undefined
  responseBody: BodyProgress | undefined
  /** Set while the answer is a stream (L-19): to be called when it has ended. */
  forgetStream: (() => void) | undefined
  /** The connection must not serve another request: the client half-closed it, or bytes followed the answer. */
  spoiled: boolean
}

export function beginExchange(request: RequestHead): Exchange {
  return {
    request,
    requestBody: bodyProgress(request.body),
    opening: undefined,
    member: undefined,
    connection: undefined,
    connected: false,
    failed: [],
    avoidPool: false,
    failedOne: false,
    answered: false,
    partialHead: undefined,
    response: undefined,
    responseBody: undefined,
    forgetStream: undefined,
    spoiled: false,
  }
}

/**
 * Whether a request whose member failed may go to another one (design.md 9.3): always while nothing of it was sent,
 * and otherwise when it is idempotent, all of it is still here, and no byte of an answer has arrived. A second member that had it on a new
 * connection and failed is the last one: a request that ends its member would end them all.
 */
export function mayRepeat(exchange: Exchange): boolean {
  if (exchange.answered || exchange.opening === undefined) return false
  if (!exchange.connected) return true
  return isIdempotent(exchange.request.method) && !(exchange.failedOne && isNew(exchange))
}

/** What fails on a connection that was used before may be the connection alone. */
export function isNew({ connection }: Exchange): boolean {
  return !connection?.reused
}
