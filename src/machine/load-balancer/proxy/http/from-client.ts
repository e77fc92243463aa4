import { takeBody } from './body.ts'
import { type Conversation, refuse, reset } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import { complete, next, passEnd } from './exchanges.ts'

/** Bytes came. Requests that are sent ahead wait; a client that sends too much ahead is not read for a while. */
export function received(conversation: Conversation, bytes: Buffer): void {
  const { client, exchange, parts } = conversation
  if (conversation.lingering) return
  if (exchange && !exchange.requestBody.done) return passBody(conversation, exchange, bytes)
  conversation.held = conversation.held.length === 0 ? bytes : Buffer.concat([conversation.held, bytes])
  if (!exchange) next(conversation)
  if (conversation.held.length > parts.limits.headBytes && !conversation.lingering) client.pause()
}

function passBody(conversation: Conversation, exchange: Exchange, bytes: Buffer): void {
  const end = takeBody(exchange.requestBody, bytes, 0)
  if (end < 0) {
    if (exchange.answered) reset(conversation)
    else refuse(conversation, 400, 'The request cannot be passed on: its chunked body is malformed.')
    return
  }
  const piece = bytes.subarray(0, end)
  conversation.held = bytes.subarray(end)
  if (exchange.connected) exchange.opening = undefined
  else if (exchange.opening) exchange.opening = Buffer.concat([exchange.opening, piece])
  if (!exchange.connection?.socket.write(piece)) conversation.client.pause()
  if (exchange.requestBody.done && exchange.responseBody?.done) complete(conversation, exchange)
}

/** The client has read what was written to it. */
export function drained(conversation: Conversation): void {
  const { client, exchange } = conversation
  if (exchange) exchange.connection?.socket.resume()
  else {
    client.resume()
    next(conversation)
  }
}

/** Nothing passed in either direction for as long as the endpoint allows (L-9). */
export function idle(conversation: Conversation): void {
  if (conversation.exchange) reset(conversation)
  else conversation.client.destroy()
}

/** The client sends no more; its requests are still answered. */
export function ended(conversation: Conversation): void {
  const { exchange } = conversation
  conversation.clientEnded = true
  if (!exchange) next(conversation)
  else if (!exchange.requestBody.done) reset(conversation)
  else if (conversation.held.length === 0) passEnd(exchange)
}
