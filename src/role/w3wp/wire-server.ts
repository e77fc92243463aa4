import { STATUS_CODES } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { frameBytes, frameOf, frameReader, frameWriter } from '../../kernel/frames.ts'
import { readRequestFacts, writeAnswerFacts } from '../contract/web-request.ts'
import { frameKinds, readWireRequest, writeWireHead } from '../contract/web-wire.ts'
import type { AskedRequest } from './asked-request.ts'
import type { HandlerAnswer } from './handler.ts'
import { pairs } from './handlers/http/fields.ts'
import { splitQuery } from './rewrite/url.ts'
import type { Served } from './serve-request.ts'
import type { Trace } from './trace/tracing.ts'
import { sentFields, withoutListeners } from './worker-server.ts'

/** Most bytes of a piece of a body. Origin: choice, as much as a socket takes at once. */
const pieceBytes = 64 * 1024

/** A request that is not over. */
interface Asked {
  readonly gone: AbortController
  /** What is being sent. */
  body?: Readable | undefined
  /** The client takes no more for now. */
  isPaused: boolean
  /** Called when the answer has gone, whole or not. */
  trace?: Trace | undefined
}

interface Wire {
  readonly socket: Socket
  readonly send: (kind: number, request: number, content?: string | Uint8Array) => void
  readonly asked: Map<number, Asked>
  /** Ends the connection of a server that is closing, when nothing is asked any more. */
  readonly rest: () => void
}

export interface WireServer {
  readonly listen: (path: string, listening: () => void) => void
  /** Takes no more connections; resolves when those that there are have answered what was asked, and ended. */
  readonly close: () => Promise<void>
}

interface Serving {
  readonly serve: (asked: AskedRequest) => Promise<Served>
  /** An answer could not be sent. */
  readonly faulty: (error: unknown) => void
}

/**
 * The server of the wire (web-wire.ts): the listener alone asks it, at a socket of the guest's run directory. What is no frame ends the connection; what
 * is no request, or an answer that cannot be sent, is said to have broken.
 */
export function wireServer(serve: Serving['serve'], faulty: Serving['faulty']): WireServer {
  const wires = new Set<Wire>()
  let isClosing = false
  const server = createServer((socket) => {
    const write = frameWriter((bytes) => socket.write(bytes), setImmediate)
    const asked: Wire['asked'] = new Map()
    const wire: Wire = {
      socket,
      send: (kind, request, content) => write(frameOf(kind, request, content)),
      asked,
      // After the frames that wait to be written.
      rest: () => isClosing && asked.size === 0 && setImmediate(() => asked.size === 0 && socket.end()),
    }
    wires.add(wire)
    const read = frameReader((kind, request, content) => take(wire, { serve, faulty }, { kind, request, content }))
    socket.on('data', (bytes: Buffer) => {
      try {
        read(bytes)
      } catch {
        socket.destroy()
      }
    })
    socket.on('drain', () => {
      for (const { body, isPaused } of wire.asked.values()) if (!isPaused) body?.resume()
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      wires.delete(wire)
      for (const number of wire.asked.keys()) cancel(wire, number)
    })
  })
  return {
    listen: (path, listening) => server.listen(path, listening),
    close: () =>
      new Promise((resolve) => {
        isClosing = true
        server.close(() => resolve())
        for (const wire of wires) wire.rest()
      }),
  }
}

function take(
  wire: Wire,
  { serve, faulty }: Serving,
  { kind, request, content }: { readonly kind: number; readonly request: number; readonly content: Buffer },
): void {
  if (kind === frameKinds.ask) {
    return void answer(wire, serve, request, content).catch((error: unknown) => {
      faulty(error)
      wire.send(frameKinds.broken, request)
      cancel(wire, request)
    })
  }
  const asked = wire.asked.get(request)
  if (!asked) return
  if (kind === frameKinds.cancel) return cancel(wire, request)
  asked.isPaused = kind === frameKinds.pause
  if (asked.isPaused) asked.body?.pause()
  else asked.body?.resume()
}

function cancel({ asked, rest }: Wire, request: number): void {
  const one = asked.get(request)
  asked.delete(request)
  rest()
  one?.gone.abort()
  one?.body?.destroy()
  one?.trace?.()
}

/** Rejects when what was asked is no request, or its answer cannot be sent. */
async function answer(wire: Wire, serve: Serving['serve'], request: number, content: Buffer): Promise<void> {
  const { method, url, fields, facts: text } = readWireRequest(content.toString())
  const facts = readRequestFacts(text)
  if (!facts) throw new Error('W3SVC has sent a request without its facts.')
  const asked: Asked = { gone: new AbortController(), isPaused: false }
  wire.asked.set(request, asked)
  const headers = withoutListeners(pairs(fields))
  const served = await serve({ method, url, headers, facts, body: nothing(), signal: asked.gone.signal })
  if (!served) return
  const { body } = served.answer
  const stream = streamOf(body)
  if (wire.asked.get(request) !== asked) return void stream?.destroy()
  asked.body = stream
  asked.trace = served.trace
  const head = writeWireHead({
    status: served.answer.status,
    reason: served.answer.reason ?? STATUS_CODES[served.answer.status] ?? '',
    facts: writeAnswerFacts(served.facts),
    fields: sentFields(served.answer),
  })
  // The whole connection would end for a frame that is too long, with the requests of others.
  if (Buffer.byteLength(head) > frameBytes)
    throw new Error(`The head of an answer to ${splitQuery(url)[0]} is too long; ${frameBytes} bytes are the most.`)
  wire.send(frameKinds.head, request, head)
  if (stream) pass(wire, request, asked, stream)
  else {
    wire.asked.delete(request)
    wire.send(frameKinds.last, request, Buffer.isBuffer(body) ? body : '')
    wire.rest()
    asked.trace?.()
  }
}

/** A request's body that is empty. */
function nothing(): Readable {
  const body = new Readable()
  body.push(null)
  return body
}

/** A body that does not go in one piece. */
function streamOf(body: HandlerAnswer['body']): Readable | undefined {
  if (!Buffer.isBuffer(body)) return body
  return body.length > pieceBytes ? inPieces(body) : undefined
}

/** A piece in a turn, so that a client's pause comes between them. */
function inPieces(bytes: Buffer): Readable {
  let at = 0
  return new Readable({
    highWaterMark: pieceBytes,
    read() {
      setImmediate(() => {
        const piece = bytes.subarray(at, at + pieceBytes)
        at += piece.length
        this.push(piece.length > 0 ? piece : null)
      })
    },
  })
}

/** All of these bytes; whether the connection takes more at once. */
function sendPieces({ send, socket }: Wire, request: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += pieceBytes)
    send(frameKinds.piece, request, bytes.subarray(at, at + pieceBytes))
  return !socket.writableNeedDrain
}

/** A body that fails half way is said to have broken: the listener cuts the connection, and the client sees that it is not whole. */
function pass(wire: Wire, request: number, asked: Asked, body: Readable): void {
  const end = (kind: number) => {
    if (!wire.asked.delete(request)) return
    wire.send(kind, request)
    wire.rest()
    asked.trace?.()
  }
  body.on('error', () => end(frameKinds.broken))
  body.once('end', () => end(frameKinds.last))
  body.once('close', () => end(body.readableEnded ? frameKinds.last : frameKinds.broken))
  if (body.destroyed) return end(frameKinds.broken)
  body.on('data', (part: Buffer | string) => {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    if (wire.asked.get(request) === asked && !sendPieces(wire, request, bytes)) body.pause()
  })
  if (asked.isPaused) body.pause()
}
