import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex, Writable } from 'node:stream'
import {
  type AnswerFacts,
  listenerFields,
  readAnswerFacts,
  writeRequestFacts,
} from '../../role/contract/web-request.ts'
import type { Examined } from './examine.ts'
import type { Exchange, Peer } from './exchange.ts'
import { answerField, passedFields } from './fields.ts'
import { answerHeadBytes } from './limits.ts'
import type { Reason, Refusal } from './refusals.ts'
import type { RequestQueues } from './request-queues.ts'
import type { WorkerConnections } from './worker-connections.ts'

/** A request whose site and pool are known. */
export interface Routed extends Examined {
  readonly exchange: Exchange
  readonly site: number
  readonly pool: string
  readonly client: Peer
  readonly local: Peer
  readonly isSecure: boolean
}

/** How a request of a site has ended. */
export interface SiteAnswer extends AnswerFacts {
  readonly status: number
  readonly received: number
  readonly sent: number
}

export interface PassOnParts {
  readonly queues: RequestQueues
  readonly connections: (process: number) => WorkerConnections | undefined
  readonly answered: (routed: Routed, answer: SiteAnswer) => void
  /** It gets this answer of the listener's own. */
  readonly refuse: (routed: Routed, refusal: Refusal) => void
  /** It gets no answer. */
  readonly lost: (routed: Routed, reason: Reason) => void
}

/** What the web log has of a client that left while its request was with w3wp: nothing came, and ERROR_NETNAME_DELETED. */
const left = { status: 400, win32Status: 64 } as const

/** What stands for a status that is none. */
const badGateway = 502

function isStatus(code: number): boolean {
  return code === 101 || (code >= 200 && code <= 599)
}

/** Codes of a connection that was never made: the process has not seen the request. */
const neverMade = new Set(['ECONNREFUSED', 'ENOENT'])

/**
 * Takes a request to a process of its pool, for which it may have to wait, and the answer back. When the process has ended before it saw the
 * request, the request goes to another; when it ends with the request, the client's connection is cut (HTTP.sys).
 */
export function passOn(routed: Routed, parts: PassOnParts): void {
  const { exchange, pool } = routed
  let leave = () => {}
  let sending: Sending | undefined
  let isDone = false

  function admit(avoid?: number): void {
    leave = parts.queues.enter(
      pool,
      (admission) => {
        const connections = 'process' in admission ? parts.connections(admission.process) : undefined
        if ('refused' in admission) finish(() => parts.refuse(routed, admission.refused))
        else if (connections) send(admission.process, connections)
        else setImmediate(() => !isDone && admit(admission.process))
      },
      avoid,
    )
  }

  function send(process: number, connections: WorkerConnections): void {
    sending = sendTo(connections, routed, (unseen) => {
      if (isDone) return
      if (unseen) admit(process)
      else
        finish(() => {
          parts.lost(routed, 'Connection_Abandoned_By_ReqQueue')
          exchange.abort()
        })
    })
  }

  function finish(how: () => void): void {
    isDone = true
    how()
  }

  exchange.onEnd((isWhole) => {
    leave()
    sending?.end()
    if (isDone) return
    if (!sending) finish(() => parts.lost(routed, 'Client_Reset'))
    else {
      const { status, facts, bodies } = sending.soFar()
      const gone = isWhole ? {} : { win32Status: left.win32Status }
      const answer = { status: status ?? left.status, ...facts, ...gone, ...exchange.measure(bodies) }
      finish(() => parts.answered(routed, answer))
    }
  })
  admit()
}

interface Sending {
  /** Nobody waits for the answer any more, or it has been sent. */
  readonly end: () => void
  readonly soFar: () => {
    readonly status: number | undefined
    readonly facts: AnswerFacts
    readonly bodies: { readonly received: number; readonly sent: number }
  }
}

/** `failed`: the process gives no answer, or not all of it; `unseen` when it has not seen the request either. */
function sendTo(
  { agent, socketPath, begin }: WorkerConnections,
  routed: Routed,
  failed: (unseen: boolean) => void,
): Sending {
  const { exchange, target } = routed
  const over = begin()
  const bodies = { received: 0, sent: 0, isWhole: !exchange.hasBody }
  let answer: IncomingMessage | undefined
  let facts = readAnswerFacts(undefined)
  const { method } = exchange.head
  const upstream = httpRequest({
    agent,
    socketPath,
    method,
    path: target,
    headers: headersOf(routed),
    maxHeaderSize: answerHeadBytes,
  })

  upstream.on('continue', () => exchange.sayContinue())
  upstream.on('response', (incoming) => {
    const facing = begun(incoming)
    if (facts.isAborted) return exchange.abort()
    const writable = exchange.begin(facing)
    follow(incoming, writable)
  })
  upstream.on('upgrade', (incoming, socket, head) => {
    const { statusText, status, fields } = begun(incoming)
    const upgrade = ['Upgrade', incoming.headers.upgrade ?? '']
    const client = exchange.switchOver({ status, statusText, fields: [...fields, ...upgrade], isLast: false })
    join(client, socket, head, over)
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // After the answer it only means that the rest of the request's body is not wanted.
    if (answer) return
    const isUnused = upstream.reusedSocket && !exchange.hasBody
    failed(neverMade.has(error.code ?? '') || (isUnused && error.code === 'ECONNRESET'))
  })
  upstream.on('close', () => {
    if (!exchange.upgrade || answer?.statusCode !== 101) over()
  })
  sendBody(exchange, upstream, bodies)

  function begun(incoming: IncomingMessage) {
    answer = incoming
    facts = readAnswerFacts(answerField(incoming.rawHeaders))
    const { statusCode = 0, statusMessage = '' } = incoming
    const status = isStatus(statusCode) ? statusCode : badGateway
    const statusText = /^[\t\x20-\x7e]*$/.test(statusMessage) ? statusMessage : ''
    return { status, statusText, fields: passedFields(incoming.rawHeaders), isLast: false }
  }

  function follow(incoming: IncomingMessage, writable: Writable): void {
    incoming.on('data', (part: Buffer) => {
      bodies.sent += part.length
    })
    incoming.on('error', () => {})
    incoming.once('close', () => incoming.complete || failed(false))
    incoming.pipe(writable)
  }

  return {
    end() {
      // Node leaves a request open, and its body too, when its answer comes before all of it was sent.
      if (!answer?.complete || !bodies.isWhole) upstream.destroy()
    },
    soFar: () => ({ status: answer?.statusCode, facts, bodies }),
  }
}

/** What w3wp receives: the request, and its client (web-request.ts). */
function headersOf(routed: Routed): readonly string[] {
  const { exchange, host, site, client, local, isSecure } = routed
  const { fields, method } = exchange.head
  const facts = writeRequestFacts({ site, remote: client, local, isSecure, protocol: exchange.protocol })
  const passed = passedFields(fields)
  const isHost = (at: number) => passed[at - (at % 2)]?.toLowerCase() === 'host'
  const isSized = passed.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-length')
  const sized = isSized || !exchange.hasBody ? [] : ['Transfer-Encoding', 'chunked']
  const empty =
    !isSized && !exchange.hasBody && ['POST', 'PUT', 'PATCH'].includes(method) ? ['Content-Length', '0'] : []
  const upgrade = exchange.upgrade === undefined ? [] : ['Connection', 'Upgrade', 'Upgrade', exchange.upgrade]
  return [
    'Host',
    host,
    ...passed.filter((_text, at) => !isHost(at)),
    ...sized,
    ...empty,
    ...upgrade,
    listenerFields.request,
    facts,
  ]
}

function sendBody(
  { body, hasBody, isBodyWhole }: Exchange,
  upstream: ClientRequest,
  bodies: { received: number; isWhole: boolean },
): void {
  if (!hasBody) return void upstream.end()
  const pass = () => {
    body.on('data', (part: Buffer) => {
      bodies.received += part.length
    })
    body.pipe(upstream, { end: false })
    body.once('end', () => {
      bodies.isWhole = isBodyWhole()
      if (bodies.isWhole) upstream.end()
      else upstream.destroy()
    })
    upstream.once('close', () => {
      body.unpipe(upstream)
      body.resume()
    })
  }
  // Not before a process listens: the body may have to go to another process, from its beginning.
  upstream.once('socket', (socket) => (socket.connecting ? socket.once('connect', pass) : pass()))
}

/** Two ends of one connection, in the protocol that they speak now. */
function join(client: Duplex, server: Duplex, head: Buffer, over: () => void): void {
  client.write(head)
  client.pipe(server).pipe(client)
  for (const end of [client, server]) end.on('error', () => {})
  client.once('close', () => server.destroy())
  server.once('close', () => {
    over()
    // What the client has not taken yet is still its own.
    client.end(() => client.destroy())
  })
}
