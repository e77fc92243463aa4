import { dialMember } from '../member-connection.ts'
import { mayCome } from '../route.ts'
import { withClient } from '../tell-client.ts'
import { type Conversation, dropExchange, forgetLateHead, linger, refuse, reset } from './conversation.ts'
import { type Exchange, isNew, mayRepeat } from './exchange.ts'
import { isLast } from './request-head.ts'
import { takeRequest, withoutEmptyLines } from './take-request.ts'

/** Takes the next request up, unless one is in flight or the client does not read its answers. */
export function next(conversation: Conversation): void {
  const { client, held, scanned, parts } = conversation
  const { headBytes } = parts.limits
  if (conversation.exchange || conversation.lingering || client.writableNeedDrain) return
  const taken = held.length === 0 ? undefined : takeRequest(held, headBytes, scanned)
  if (taken === 'tooLong') return refuse(conversation, 431, `The head of the request has more than ${headBytes} bytes.`)
  if (taken && 'refused' in taken)
    return refuse(conversation, taken.status ?? 400, `The request cannot be passed on: ${taken.refused}.`)
  if (!taken) return wait(conversation)
  if (conversation.lateHead) forgetLateHead(conversation)
  conversation.exchange = taken.exchange
  conversation.held = taken.rest
  conversation.scanned = 0
  send(conversation, taken.exchange)
}

/** For the rest of a head, or for its beginning. */
function wait(conversation: Conversation): void {
  conversation.held = withoutEmptyLines(conversation.held)
  conversation.scanned = conversation.held.length
  const hasBegun = conversation.held.length > 0
  if (conversation.clientEnded || (conversation.finishing && !hasBegun)) return linger(conversation)
  const { headerWaitMs } = conversation.parts.limits
  if (hasBegun)
    conversation.lateHead ??= setTimeout(
      () => refuse(conversation, 408, `The head of the request has not come within ${headerWaitMs / 1_000} s.`),
      headerWaitMs,
    )
}

function send(conversation: Conversation, exchange: Exchange): void {
  const { client, door, parts, user } = conversation
  const route = door.route(exchange.request.host)
  if (!route && door.shared)
    return refuse(conversation, 404, `No cloud service here is called "${exchange.request.host ?? ''}".`)
  if (route && door.shared) {
    if (!mayCome(route, client.remoteAddress)) return reset(conversation)
    parts.led(client, route)
    client.setTimeout(route.endpoint.idleTimeoutMs)
  }
  const chosen = route && conversation.memberFor(route, exchange.failed)
  if (!chosen || !exchange.opening || !user) return reset(conversation)
  const kept = exchange.avoidPool ? undefined : parts.pool.take(chosen)
  const connection = kept ?? dialMember(chosen, user, parts)
  connection.user = user
  exchange.member = chosen
  exchange.connection = connection
  exchange.connected = kept !== undefined
  parts.inFlight.begin(chosen.instance)
  const flows = connection.socket.write(chosen.isToldClient ? withClient(exchange.opening, client) : exchange.opening)
  // The rest waits until the member is there. A kept connection does not report that, and a member that refused may have had the rest wait before.
  if (!exchange.requestBody.done)
    if (kept && flows) client.resume()
    else client.pause()
  if (conversation.clientEnded && conversation.held.length === 0) passEnd(exchange)
}

/** The member learns that its client has half-closed, as it would without us: it may answer, or drop the work. */
export function passEnd(exchange: Exchange): void {
  exchange.spoiled = true
  exchange.connection?.socket.end()
}

/** To another member, when this one failed and the request may be repeated. */
export function repeat(conversation: Conversation, exchange: Exchange, what: string): void {
  const { member: failed } = exchange
  // A member that had taken it may have dropped the work because its client had half-closed: so would the next one.
  const wasDropped = conversation.clientEnded && exchange.connected && isNew(exchange)
  if (!failed || wasDropped || !mayRepeat(exchange)) return reset(conversation)
  conversation.parts.log.warn(
    `request repeated, ${failed.instance}`,
    `${failed.instance} ${what}; ${exchange.request.method} goes to another member`,
  )
  if (isNew(exchange)) {
    exchange.failed.push(failed)
    exchange.failedOne ||= exchange.connected
  } else exchange.avoidPool = true
  exchange.member = undefined
  exchange.connection = undefined
  conversation.exchange = exchange
  send(conversation, exchange)
}

/** Request and answer have passed, or the member wants no more of the request. */
export function complete(conversation: Conversation, exchange: Exchange): void {
  const { client, held, parts } = conversation
  const { connection, response, request, requestBody } = exchange
  exchange.forgetStream?.()
  const stays = request.staysOpen && response?.clientStaysOpen && requestBody.done && !conversation.finishing
  if (connection && response?.memberStaysOpen && requestBody.done && !exchange.spoiled) {
    conversation.exchange = undefined
    const { keepAliveSeconds: seconds } = response
    const { memberIdleMs, keepAliveMarginMs } = parts.limits
    parts.pool.give(connection, seconds === undefined ? memberIdleMs : seconds * 1_000 - keepAliveMarginMs)
    if (exchange.member) parts.inFlight.end(exchange.member.instance)
  } else dropExchange(conversation)
  if (!stays) {
    // A client that asks no more needs no half-close: it is not left waiting for an end (RFC 9112, 9.6).
    if (isLast(request) && held.length === 0 && client.writableLength === 0) client.destroy()
    else linger(conversation)
    return
  }
  if (client.isPaused()) client.resume()
  if (held.length > 0 || conversation.clientEnded) next(conversation)
}
