import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex, Writable } from 'node:stream'
import { listenerFields, readAnswerFacts } from '../../role/contract/web-request.ts'
import type { Exchange } from './exchange.ts'
import { answerField } from './fields.ts'
import { answerHeadBytes, wireAgainMs } from './limits.ts'
import type { Reason, Refusal } from './refusals.ts'
import type { RequestQueues } from './request-queues.ts'
import type { Routed, Sending, SiteAnswer } from './routed.ts'
import { sendByWire } from './send-by-wire.ts'
import type { WorkerConnections } from './worker-connections.ts'
import { facing, factsText, workerFields } from './worker-head.ts'

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
  let isRepeated = false

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
    const failed = (unseen: boolean) => {
      if (isDone) return
      if (unseen) admit(process)
      else
        finish(() => {
          parts.lost(routed, 'Connection_Abandoned_By_ReqQueue')
          exchange.abort()
        })
    }
    const isBare = !exchange.hasBody && exchange.upgrade === undefined
    const byHttp = () => sendByHttp(connections, routed, failed)
    const unopened = () => {
      if (!isDone) sending = byHttp()
    }
    /** A request that is itself why processes end is given to two of them at most. */
    const lostByWire = (unseen: boolean) => {
      const isFirst = !isRepeated
      isRepeated = true
      if (isDone || !unseen || !isFirst) return failed(false)
      const again = setTimeout(admit, wireAgainMs)
      leave = () => clearTimeout(again)
    }
    sending = (isBare ? sendByWire(connections, routed, { unopened, failed: lostByWire }) : undefined) ?? byHttp()
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

/** `failed`: the process gives no answer, or not all of it; `unseen` when it has not seen the request either. */
function sendByHttp(
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
    return facing(statusCode, statusMessage, incoming.rawHeaders)
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
  const { upgrade } = routed.exchange
  return [
    ...workerFields(routed),
    ...(upgrade === undefined ? [] : ['Connection', 'Upgrade', 'Upgrade', upgrade]),
    listenerFields.request,
    factsText(routed),
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
