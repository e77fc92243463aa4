import type { Socket } from 'node:net'
import { dialMember, type MemberUser } from '../member-connection.ts'
import type { ProxyParts } from '../parts.ts'
import { type Door, mayCome } from '../route.ts'
import { isLocal } from '../tcp-client.ts'
import { cutBody, takeBody } from './body.ts'
import { type Exchange, mayRepeat } from './exchange.ts'
import { ownMember } from './own-member.ts'
import { type RefusalStatus, refusal } from './refusal.ts'
import { isLast } from './request-head.ts'
import { carrySwitched } from './switched.ts'
import { takeAnswer } from './take-answer.ts'
import { takeRequest } from './take-request.ts'

/** A client connection of an http endpoint. */
export interface HttpClient {
  /** A message is in flight, or an answer has not left yet. */
  busy(): boolean
  /** Ends the connection with the answer in flight, or else now; with `later` a client that asks for nothing has time for one more request. */
  finish(later: boolean): void
}

const nothing = Buffer.alloc(0)
const lastChunk = '0\r\n\r\n'

/**
 * Serves one client connection, message by message (design.md 4). Between two of them it moves to another member when
 * its own takes nothing new any more (L-7), and the client sees nothing of it. Requests that are sent ahead wait.
 * `first` are bytes that were read to find the door.
 */
export function serveHttpClient(client: Socket, door: Door, parts: ProxyParts, first?: Buffer): HttpClient {
  const { limits, inFlight, pool } = parts
  const memberFor = ownMember(client, parts)
  /** What came from the client and belongs to no exchange yet. */
  let held: Buffer = nothing
  let exchange: Exchange | undefined
  let clientEnded = false
  let finishing = false
  /** The last answer has been given; what still comes is read and thrown away. */
  let lingering = false
  /** The connection speaks another protocol now, and is no business of ours. */
  let switched = false

  const user: MemberUser = { connected, received: answered, ended: memberEnded, drained, closed: memberFailed }

  const listeners = { data: asked, end: ended, drain: read, timeout: idle, close: dropExchange }
  for (const [event, listener] of Object.entries(listeners)) client.on(event, listener)
  client.setTimeout(door.route(undefined)?.endpoint.idleTimeoutMs ?? limits.unroutedIdleMs)
  if (first) asked(first)
  return { finish, busy: () => !switched && (exchange !== undefined || client.writableLength > 0) }

  function asked(bytes: Buffer): void {
    if (lingering) return
    if (exchange && !exchange.requestBody.done) return passBody(exchange, bytes)
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    if (!exchange) next()
    if (held.length > limits.headBytes && !lingering) client.pause()
  }

  /** Takes the next request up, unless one is in flight or the client does not read its answers. */
  function next(): void {
    if (exchange || lingering || client.writableNeedDrain) return
    const taken = held.length === 0 ? undefined : takeRequest(held, limits.headBytes)
    if (taken === 'tooLong') return refuse(431, `The head of the request has more than ${limits.headBytes} bytes.`)
    if (taken && 'refused' in taken)
      return refuse(taken.status ?? 400, `The request cannot be passed on: ${taken.refused}.`)
    if (!taken) {
      if (clientEnded || (finishing && held.length === 0)) linger()
      return
    }
    exchange = taken.exchange
    held = taken.rest
    send(exchange)
  }

  function send(current: Exchange): void {
    const route = door.route(current.request.host)
    if (!route && door.shared) return refuse(404, `No cloud service here is called "${current.request.host ?? ''}".`)
    if (route && door.shared) {
      if (!mayCome(route, client.remoteAddress)) return reset()
      parts.led(client, route)
      client.setTimeout(route.endpoint.idleTimeoutMs)
    }
    const chosen = route && memberFor(route, current.failed)
    if (!chosen || !current.opening) return reset()
    const kept = current.avoidPool ? undefined : pool.take(chosen)
    const connection = kept ?? dialMember(chosen, user, parts)
    connection.user = user
    current.member = chosen
    current.connection = connection
    current.connected = kept !== undefined
    inFlight.begin(chosen.instance)
    connection.socket.write(current.opening)
    if (!kept && !current.requestBody.done) client.pause()
    if (clientEnded && held.length === 0) passEnd(current)
  }

  function passBody(current: Exchange, bytes: Buffer): void {
    const end = takeBody(current.requestBody, bytes, 0)
    if (end < 0)
      return current.answered ? reset() : refuse(400, 'The request cannot be passed on: its chunked body is malformed.')
    const piece = bytes.subarray(0, end)
    held = bytes.subarray(end)
    if (current.connected) current.opening = undefined
    else if (current.opening) current.opening = Buffer.concat([current.opening, piece])
    if (!current.connection?.socket.write(piece)) client.pause()
    if (current.requestBody.done && current.responseBody?.done) complete(current)
  }

  /** The client has read what was written to it. */
  function read(): void {
    if (exchange) exchange.connection?.socket.resume()
    else {
      client.resume()
      next()
    }
  }

  /** Nothing passed in either direction for as long as the endpoint allows (L-9). */
  function idle(): void {
    if (exchange) reset()
    else client.destroy()
  }

  function connected(): void {
    if (exchange) exchange.connected = true
    client.resume()
  }

  function drained(): void {
    if (held.length <= limits.headBytes) client.resume()
  }

  function answered(bytes: Buffer): boolean {
    const current = exchange
    if (!current) return false
    const step = takeAnswer(current, bytes, finishing || !current.request.staysOpen, limits.headBytes)
    const { pass, next: outcome } = step
    const flows = pass ? client.write(pass) : true
    if (current.response?.endless && !current.forgetStream) beginStream(current)
    if (outcome === 'malformed') {
      parts.log.warn(
        `malformed answer of ${current.member?.instance}`,
        `${current.member?.instance} sent an answer whose end cannot be told; the client's connection was reset`,
      )
      reset()
    } else if (outcome === 'switched') switchProtocol(current, pass?.subarray(step.headBytes) ?? nothing)
    else if (outcome === 'done' && current.responseBody?.isCut) endStream(current)
    else if (outcome === 'done' && (current.requestBody.done || !current.response?.memberStaysOpen)) complete(current)
    else if (!flows) current.connection?.socket.pause()
    return client.writableLength > 0
  }

  /** Request and answer have passed, or the member wants no more of the request. */
  function complete(current: Exchange): void {
    const { connection, response, request } = current
    current.forgetStream?.()
    const stays = request.staysOpen && response?.clientStaysOpen && current.requestBody.done && !finishing
    if (connection && response?.memberStaysOpen && current.requestBody.done && !current.spoiled) {
      exchange = undefined
      pool.give(connection, keepMs(response.keepAliveSeconds))
      if (current.member) inFlight.end(current.member.instance)
    } else dropExchange()
    if (!stays)
      return isLast(request) && held.length === 0 && client.writableLength === 0 ? void client.destroy() : linger()
    if (client.isPaused()) client.resume()
    if (held.length > 0 || clientEnded) next()
  }

  function memberEnded(): void {
    if (!exchange?.responseBody?.untilClose) return memberFailed(undefined)
    exchange.responseBody.done = true
    complete(exchange)
  }

  function memberFailed(error: NodeJS.ErrnoException | undefined): void {
    const current = exchange
    dropExchange()
    if (!current || client.destroyed) return
    if (current.responseBody?.done) return linger()
    const { member: failed, connection } = current
    if (!failed || clientEnded || isLocal(error) || !mayRepeat(current)) return reset()
    const what = current.connected ? 'closed before it answered' : `did not take a connection: ${error?.message}`
    parts.log.warn(
      `request repeated, ${failed.instance}`,
      `${failed.instance} ${what}; ${current.request.method} goes to another member`,
    )
    if (connection?.reused) current.avoidPool = true
    else current.failed.push(failed)
    current.member = undefined
    current.connection = undefined
    exchange = current
    send(current)
  }

  /** From here on the bytes are no http. */
  function switchProtocol({ connection, member: served, request }: Exchange, begun: Buffer): void {
    if (!connection || !served) return
    exchange = undefined
    switched = true
    for (const [event, listener] of Object.entries(listeners)) client.off(event, listener)
    if (held.length > 0) connection.socket.write(held)
    const webSocket = request.upgrade === 'websocket'
    carrySwitched({ client, connection, instance: served.instance, webSocket, begun }, parts)
  }

  /** The answer flows until somebody leaves: whoever looks for the end of its instance's work ends it (L-19). */
  function beginStream(current: Exchange): void {
    current.forgetStream = parts.streams.begin(current.member?.instance ?? '', () => {
      if (exchange !== current || !current.responseBody) return
      cutBody(current.responseBody)
      if (current.responseBody.done) return endStream(current)
      // The rest of a chunk is on its way, unless its member or the client hangs.
      setTimeout(() => exchange === current && reset(), limits.lingerMs).unref()
    })
  }

  /** The client sees an orderly end, and may ask again at once: an EventSource does. */
  function endStream(current: Exchange): void {
    if (!current.responseBody?.untilClose) client.write(lastChunk)
    current.spoiled = true
    complete(current)
  }

  function ended(): void {
    clientEnded = true
    if (!exchange) return next()
    if (!exchange.requestBody.done) reset()
    else if (held.length === 0) passEnd(exchange)
  }

  /** The member learns that its client has half-closed, as it would without us: it may answer, or drop the work. */
  function passEnd(current: Exchange): void {
    current.spoiled = true
    current.connection?.socket.end()
  }

  /** Forgets the exchange and cuts its connection to the member. */
  function dropExchange(): void {
    if (!exchange) return
    const { connection, member: served, forgetStream } = exchange
    exchange = undefined
    forgetStream?.()
    if (connection) {
      connection.user = undefined
      connection.socket.destroy()
    }
    if (served) inFlight.end(served.instance)
  }

  function refuse(status: RefusalStatus, sentence: string): void {
    dropExchange()
    client.write(refusal(status, sentence))
    linger()
  }

  /** Half-closes, and reads on for a moment, since a reset would destroy an answer that the client has not read. */
  function linger(): void {
    lingering = true
    held = nothing
    client.setTimeout(limits.lingerMs)
    client.end()
    client.resume()
  }

  function reset(): void {
    dropExchange()
    client.resetAndDestroy()
  }

  function finish(later: boolean): void {
    finishing = true
    if (!later && !exchange && held.length === 0 && !lingering && !switched) linger()
  }

  function keepMs(seconds: number | undefined): number {
    return seconds === undefined ? limits.memberIdleMs : seconds * 1_000 - limits.keepAliveMarginMs
  }
}
