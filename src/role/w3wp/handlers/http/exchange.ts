import http, { type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { HeaderList } from '../../rewrite/looking.ts'
import type { Target } from '../program/listening.ts'
import { endToEnd, fieldValue, pairs } from './fields.ts'

/** Most of a program's answer before its body, in bytes. Origin: choice; IIS takes 64 KiB of FastCGI. */
const longestHeadBytes = 64 * 1024

/** What a program is sent. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly body: Readable
  readonly signal: AbortSignal
}

/**
 * `refused`: the program has taken no connection, and nothing of the request; `broken`: it has closed the connection; `late`: it was silent too long;
 * `unreadable`: what it sent is not an answer.
 */
export interface ExchangeFault {
  readonly kind: 'refused' | 'broken' | 'late' | 'unreadable'
  readonly why: string
}

export type Exchanged =
  | { readonly ok: true; readonly answer: IncomingMessage; readonly headers: HeaderList }
  | { readonly ok: false; readonly fault: ExchangeFault }

/** Where a program is, and how it is spoken to. */
export interface Wire {
  readonly target: Target
  /** Holds connections for requests without a body. */
  readonly agent: Agent
  /** Longest silence of the program; undefined: any. */
  readonly silenceMs?: number | undefined
}

/**
 * Sends a request to a program, and resolves with the head of its answer; the body streams on and is destroyed when the program does not send it
 * whole. Only a request that may be sent twice uses a held connection: the program may close that at the same moment.
 */
export async function exchange(wire: Wire, sent: Sent): Promise<Exchanged> {
  const mayRepeat = !framing(sent) && /^(?:GET|HEAD|OPTIONS)$/.test(sent.method)
  const first = await attempt(wire, sent, mayRepeat ? wire.agent : undefined)
  return first === 'again' ? ((await attempt(wire, sent, undefined)) as Exchanged) : first
}

/** `again`: a held connection had been closed. */
async function attempt(wire: Wire, sent: Sent, agent: Agent | undefined): Promise<Exchanged | 'again'> {
  let out: ClientRequest
  try {
    out = open(wire, sent, agent)
  } catch (error) {
    sent.body.resume()
    return unreadable(`the request cannot be passed on: ${(error as Error).message}`)
  }
  const abort = () => out.destroy()
  if (sent.signal.aborted) abort()
  sent.signal.addEventListener('abort', abort)
  out.once('close', () => sent.signal.removeEventListener('abort', abort))
  return new Promise((resolve) => {
    let isLate = false
    let isAnswered = false
    let isConnected = false
    if (wire.silenceMs !== undefined)
      out.setTimeout(wire.silenceMs, () => {
        isLate = true
        out.destroy()
      })
    out.once('response', (answer) => {
      isAnswered = true
      answer.once('close', () => out.writableFinished || out.destroy())
      resolve({ ok: true, answer, headers: endToEnd(pairs(answer.rawHeaders)) })
    })
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (isAnswered) return
      if (agent && out.reusedSocket && !isLate && !sent.signal.aborted) resolve('again')
      else if (isConnected) resolve({ ok: false, fault: faultOf(error, isLate ? wire.silenceMs : undefined) })
      else resolve({ ok: false, fault: { kind: 'refused', why: `it takes no connection (${codeOf(error)})` } })
    })
    onceConnected(out, () => {
      isConnected = true
      sendBody(sent, out)
    })
  })
}

/**
 * Connections for one request each, which the program does not know: if it did, and answered before it had read a body, it would close the connection
 * over the rest of the body, and a client that still writes would lose the answer.
 */
const afresh = Object.assign(new http.Agent({ keepAlive: true }), { keepSocketAlive: () => false })

/** The fields as the client sent them, in its order. Expect is not passed on: the body is on its way already. */
function sentFields({ method, headers }: Sent): string[] {
  const fields = endToEnd(headers).filter(([name]) => name.toLowerCase() !== 'expect')
  const frame = framing({ headers })
  const hasLength = fields.some(([name]) => name.toLowerCase() === 'content-length')
  const isBare = !frame && !hasLength && !/^(?:GET|HEAD|OPTIONS|DELETE|TRACE|CONNECT)$/.test(method)
  return [
    ...fields.flatMap(([name, value]) => [name, fieldValue(value)]),
    ...(frame === 'chunked' && !hasLength ? ['Transfer-Encoding', 'chunked'] : []),
    ...(isBare ? ['Content-Length', '0'] : []),
  ]
}

function open({ target }: Wire, sent: Sent, agent: Agent | undefined): ClientRequest {
  const where = 'port' in target ? { host: '127.0.0.1', port: target.port } : target
  return http.request({
    ...where,
    method: sent.method,
    path: sent.url,
    headers: sentFields(sent),
    setHost: false,
    agent: agent ?? afresh,
    maxHeaderSize: longestHeadBytes,
  })
}

function framing({ headers }: Pick<Sent, 'headers'>): 'length' | 'chunked' | undefined {
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  if (has('transfer-encoding')) return 'chunked'
  return headers.some(([name, value]) => name.toLowerCase() === 'content-length' && value !== '0')
    ? 'length'
    : undefined
}

/** Nothing of a body is read before there is a program to send it to. */
function onceConnected(out: ClientRequest, connected: () => void): void {
  out.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', connected)
    else connected()
  })
}

/** When a client disconnects in the middle, the program's request ends too. */
function sendBody(sent: Sent, out: ClientRequest): void {
  if (!framing(sent)) {
    out.end()
    return
  }
  if (sent.body.destroyed && !sent.body.readableEnded) return void out.destroy()
  sent.body.once('error', () => out.destroy())
  sent.body.once('close', () => sent.body.readableEnded || out.destroy())
  sent.body.pipe(out)
}

function faultOf(error: NodeJS.ErrnoException, lateMs: number | undefined): ExchangeFault {
  if (lateMs !== undefined) return { kind: 'late', why: `it said nothing for ${lateMs / 1000} s` }
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return { kind: 'unreadable', why: `the head of its answer is longer than ${longestHeadBytes} bytes` }
  if (error.code?.startsWith('HPE_')) return { kind: 'unreadable', why: `its answer is no HTTP: ${error.message}` }
  return { kind: 'broken', why: `the connection to it ended before it answered (${codeOf(error)})` }
}

const codeOf = ({ code, message }: NodeJS.ErrnoException) => code ?? message

function unreadable(why: string): Exchanged {
  return { ok: false, fault: { kind: 'unreadable', why } }
}
