import type { MemberUser } from '../member-connection.ts'
import { isLocal } from '../tcp-client.ts'
import { cutBody } from './body.ts'
import { type Conversation, dropExchange, linger, nothing, reset } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import { complete, repeat } from './exchanges.ts'
import { carrySwitched } from './switched.ts'
import { takeAnswer } from './take-answer.ts'

const lastChunk = '0\r\n\r\n'

/** What the conversation does on events of its member. `silence` ends its listening to the client. */
export function memberUser(conversation: Conversation, silence: () => void): MemberUser {
  const { client, parts } = conversation
  return {
    connected() {
      if (conversation.exchange) conversation.exchange.connected = true
      client.resume()
    },
    received(bytes) {
      if (!conversation.exchange) return false
      answered(conversation, conversation.exchange, bytes, silence)
      return client.writableLength > 0
    },
    ended() {
      const { exchange } = conversation
      if (!exchange?.responseBody?.untilClose) return failed(conversation, undefined)
      exchange.responseBody.done = true
      complete(conversation, exchange)
    },
    drained() {
      if (conversation.held.length <= parts.limits.headBytes) client.resume()
    },
    closed: (error) => failed(conversation, error),
  }
}

function answered(conversation: Conversation, exchange: Exchange, bytes: Buffer, silence: () => void): void {
  const { client, parts } = conversation
  const isLast = conversation.finishing || !exchange.request.staysOpen
  const { pass, next, headBytes } = takeAnswer(exchange, bytes, isLast, parts.limits.headBytes)
  const flows = pass ? client.write(pass) : true
  if (exchange.response?.endless && !exchange.forgetStream) beginStream(conversation, exchange)
  switch (next) {
    case 'malformed': {
      const instance = exchange.member?.instance
      const sentence = `${instance} sent an answer whose end cannot be told; the client's connection was reset`
      parts.log.warn(`malformed answer of ${instance}`, sentence)
      return reset(conversation)
    }
    case 'switched':
      silence()
      return switchProtocol(conversation, exchange, pass?.subarray(headBytes) ?? nothing)
    case 'done':
      if (exchange.responseBody?.isCut) return endStream(conversation, exchange)
      if (exchange.requestBody.done || !exchange.response?.memberStaysOpen) return complete(conversation, exchange)
      break
    case 'more':
  }
  if (!flows) exchange.connection?.socket.pause()
}

function failed(conversation: Conversation, error: NodeJS.ErrnoException | undefined): void {
  const { client, exchange } = conversation
  dropExchange(conversation)
  if (!exchange || client.destroyed) return
  if (exchange.responseBody?.done) return linger(conversation)
  if (isLocal(error)) return reset(conversation)
  const what = exchange.connected ? 'closed before it answered' : `did not take a connection: ${error?.message}`
  repeat(conversation, exchange, what)
}

/** From here on the bytes are no http. */
function switchProtocol(conversation: Conversation, exchange: Exchange, begun: Buffer): void {
  const { client, held, parts } = conversation
  const { connection, member, request } = exchange
  if (!connection || !member) return
  conversation.exchange = undefined
  conversation.switched = true
  if (held.length > 0) connection.socket.write(held)
  const webSocket = request.upgrade === 'websocket'
  carrySwitched({ client, connection, instance: member.instance, webSocket, begun }, parts)
}

/** The answer flows until one side leaves: the part that ends its instance's work ends it (L-19). */
function beginStream(conversation: Conversation, exchange: Exchange): void {
  const { streams, limits } = conversation.parts
  const isOn = () => conversation.exchange === exchange
  exchange.forgetStream = streams.begin(exchange.member?.instance ?? '', () => {
    if (!isOn() || !exchange.responseBody) return
    cutBody(exchange.responseBody)
    if (exchange.responseBody.done) return endStream(conversation, exchange)
    // The rest of a chunk is on its way, unless its member or the client hangs.
    setTimeout(() => isOn() && reset(conversation), limits.lingerMs).unref()
  })
}

/** The client sees an orderly end, and may ask again at once: an EventSource does. */
function endStream(conversation: Conversation, exchange: Exchange): void {
  if (!exchange.responseBody?.untilClose) conversation.client.write(lastChunk)
  exchange.spoiled = true
  complete(conversation, exchange)
}
