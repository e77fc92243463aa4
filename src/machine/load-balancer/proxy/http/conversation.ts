import type { Socket } from 'node:net'
import type { RotationMember } from '../../../../fabric/contract/rotation.ts'
import type { MemberUser } from '../member-connection.ts'
import type { ProxyParts } from '../parts.ts'
import type { Door, Route } from '../route.ts'
import type { Exchange } from './exchange.ts'
import { type RefusalStatus, refusal } from './refusal.ts'

/** What is known of one client connection of an http endpoint, between two of its events. */
export interface Conversation {
  readonly client: Socket
  readonly door: Door
  readonly parts: ProxyParts
  readonly memberFor: (route: Route, failed: readonly RotationMember[]) => RotationMember | undefined
  /** Receives the events of the member connection in use. */
  user: MemberUser | undefined
  /** Bytes from the client that do not belong to an exchange yet. */
  held: Buffer
  /** How many of them are known not to be a whole head. */
  scanned: number
  /** Set while they are the beginning of a head: ends the wait for the rest. */
  lateHead: NodeJS.Timeout | undefined
  exchange: Exchange | undefined
  clientEnded: boolean
  /** It ends with the answer in flight. */
  finishing: boolean
  /** The last answer has been sent; further bytes are read and dropped. */
  lingering: boolean
  /** The connection speaks another protocol now, and is no business of ours. */
  switched: boolean
}

export const nothing = Buffer.alloc(0)

/** Forgets the exchange and cuts its connection to the member. */
export function dropExchange(conversation: Conversation): void {
  const { exchange, parts } = conversation
  if (!exchange) return
  const { connection, member, forgetStream } = exchange
  conversation.exchange = undefined
  forgetStream?.()
  if (connection) {
    connection.user = undefined
    connection.socket.destroy()
  }
  if (member) parts.inFlight.end(member.instance)
}

/** The head has come whole, or nobody waits for it any more. */
export function forgetLateHead(conversation: Conversation): void {
  clearTimeout(conversation.lateHead)
  conversation.lateHead = undefined
}

/** The balancer's own answer, and the last one. */
export function refuse(conversation: Conversation, status: RefusalStatus, sentence: string): void {
  dropExchange(conversation)
  conversation.client.write(refusal(status, sentence))
  linger(conversation)
}

/** Half-closes, and reads on for a moment, since a reset would destroy an answer that the client has not read. */
export function linger(conversation: Conversation): void {
  const { client, parts } = conversation
  forgetLateHead(conversation)
  conversation.lingering = true
  conversation.held = nothing
  client.setTimeout(parts.limits.lingerMs)
  client.end()
  client.resume()
}

export function reset(conversation: Conversation): void {
  dropExchange(conversation)
  conversation.client.resetAndDestroy()
}
