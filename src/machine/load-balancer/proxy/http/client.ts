import type { Socket } from 'node:net'
import type { ProxyParts } from '../parts.ts'
import type { Door } from '../route.ts'
import { type Conversation, dropExchange, forgetLateHead, linger, nothing } from './conversation.ts'
import { drained, ended, idle, received } from './from-client.ts'
import { memberUser } from './from-member.ts'
import { ownMember } from './own-member.ts'

/** A client connection of an http endpoint. */
export interface HttpClient {
  /** A message is in flight, or an answer has not left yet. */
  busy(): boolean
  /** Ends the connection with the answer in flight, or else now; with `later` a client that asks for nothing has time for one more request. */
  finish(later: boolean): void
}

/**
 * Serves one client connection, message by message (design.md 4). Between two of them it moves to another member when its own
 * takes nothing new any more (L-7), unseen by the client. Requests that are sent early wait. `first` are bytes that were read to
 * find the door.
 */
export function serveHttpClient(client: Socket, door: Door, parts: ProxyParts, first?: Buffer): HttpClient {
  const conversation: Conversation = {
    client,
    door,
    parts,
    memberFor: ownMember(client, parts),
    user: undefined,
    held: nothing,
    scanned: 0,
    lateHead: undefined,
    exchange: undefined,
    clientEnded: false,
    finishing: false,
    lingering: false,
    switched: false,
  }
  const listeners = {
    data: (bytes: Buffer) => received(conversation, bytes),
    end: () => ended(conversation),
    drain: () => drained(conversation),
    timeout: () => idle(conversation),
    close: () => {
      forgetLateHead(conversation)
      dropExchange(conversation)
    },
  }
  conversation.user = memberUser(conversation, () => {
    for (const [event, listener] of Object.entries(listeners)) client.off(event, listener)
  })
  for (const [event, listener] of Object.entries(listeners)) client.on(event, listener)
  client.setTimeout(door.route(undefined)?.endpoint.idleTimeoutMs ?? parts.limits.unroutedIdleMs)
  if (first) received(conversation, first)
  return {
    busy: () => !conversation.switched && (conversation.exchange !== undefined || client.writableLength > 0),
    finish(later) {
      const { exchange, held, lingering, switched } = conversation
      conversation.finishing = true
      if (!later && !exchange && held.length === 0 && !lingering && !switched) linger(conversation)
    },
  }
}
