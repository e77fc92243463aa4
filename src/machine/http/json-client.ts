import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import { checkServerIdentity } from 'node:tls'
import type { Fault } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { isTimeFault } from '../certificates/valid-now.ts'
import { ownContract } from './contract-header.ts'
import { readBody } from './read-body.ts'
import type { TlsMaterial } from './tls.ts'

export interface JsonRequest {
  readonly url: string
  /** `POST` when there is a body, otherwise `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Plain data; sent as JSON. */
  readonly body?: unknown
  /** From now to the last byte of the answer. A long poll takes the time it waits and some seconds more. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** `status` 0: no answer came (nobody listens, not trusted, timed out, aborted). The code `notReached`: nor was anything sent. */
export type JsonReply<Value> =
  | { readonly ok: true; readonly status: number; readonly value: Value }
  | { readonly ok: false; readonly status: number; readonly fault: Fault }

/** Code of the fault when no connection was made. */
export const notReached = 'NotReached'

/** Status for a caller whose certificate is of another time than the server's clock: who it is, and whether it may call, is not known by that. */
export const untimelyStatus = 401

/** Code of the fault when a certificate, the caller's or the server's, is of another time than the clock of who has looked at it. */
export const untimelyCode = 'CertificateNotValid'

export function isUntimely(reply: JsonReply<unknown>): boolean {
  return !reply.ok && reply.fault.code === untimelyCode
}

/** HTTPS with the certificate of one party, over connections that are reused. */
export interface JsonClient {
  /**
   * Never rejects. `value` is the JSON of the answer, undefined on 204. A request may be sent twice when a reused connection turns out to be dead:
   * send only requests that may be repeated.
   */
  request<Value>(request: JsonRequest): Promise<JsonReply<Value>>
  /** The answer as a stream, for content that is not JSON. Rejects unless an answer with status 200 came. */
  open(request: JsonRequest): Promise<IncomingMessage>
  /** Shows another certificate from the next connection on; requests in progress end on theirs. */
  renew(tls: TlsMaterial): void
  /** Ends the open connections; requests in progress fail. */
  close(): void
}

/** Who trusts an authority and has no certificate yet. */
type Stranger = Pick<TlsMaterial, 'ca'>

/** Largest JSON answer that is taken: a view of 10,000 instances has some 5 MiB. */
const answerLimitBytes = 64 * 1024 * 1024

/** Least time between a connection's end on the server (serve-json.ts) and our last use of it. */
const idleConnectionMs = 55_000

/**
 * A client that trusts the fabric's authority alone and shows its own certificate. With `servedBy` it talks to nobody but a server whose certificate
 * bears that common name: other parties of the authority serve too.
 */
export function openJsonClient(tls: TlsMaterial | Stranger, servedBy?: string): JsonClient {
  let agent = agentWith(tls, servedBy)

  async function request<Value>(asked: JsonRequest): Promise<JsonReply<Value>> {
    try {
      const answer = await send(asked, agent)
      const status = answer.statusCode ?? 0
      const text = (await readBody(answer, answerLimitBytes)).toString('utf8')
      const value = text === '' ? undefined : parsed(text)
      if (status < 300) return { ok: true, status, value }
      return { ok: false, status, fault: value ?? { code: 'HttpError', message: `the answer was HTTP ${status}` } }
    } catch (error) {
      return {
        ok: false,
        status: 0,
        fault: { code: codeOf(error as NodeJS.ErrnoException), message: `${asked.url}: ${systemWords(error)}` },
      }
    }
  }

  async function open(asked: JsonRequest): Promise<IncomingMessage> {
    const answer = await send(asked, agent)
    if (answer.statusCode === 200) return answer
    answer.resume()
    throw new Error(`${asked.url}: HTTP ${answer.statusCode} where 200 was expected`)
  }

  return {
    request,
    open,
    renew(fresh) {
      // The one before ends its connections when they have been idle for a while.
      agent = agentWith(fresh, servedBy)
    },
    close: () => agent.destroy(),
  }
}

function codeOf({ code, syscall }: NodeJS.ErrnoException): string {
  if (isTimeFault(code)) return untimelyCode
  return syscall === 'connect' ? notReached : 'NoAnswer'
}

function agentWith(tls: TlsMaterial | Stranger, servedBy: string | undefined): Agent {
  return new Agent({
    ...tls,
    keepAlive: true,
    // A resumed session would bear what the first handshake said of the certificate, whatever its time was.
    maxCachedSessions: 0,
    timeout: idleConnectionMs,
    checkServerIdentity(host, certificate) {
      if (servedBy === undefined || certificate.subject.CN === servedBy) return checkServerIdentity(host, certificate)
      return new Error(`there is ${String(certificate.subject.CN)} where ${servedBy} was expected`)
    },
  })
}

/** Throws an error that may be shown: the parser's own message quotes the answer. */
function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('its answer is no JSON')
  }
}

function send(asked: JsonRequest, agent: Agent): Promise<IncomingMessage> {
  const timeout = AbortSignal.timeout(asked.timeoutMs)
  const signal = asked.signal ? AbortSignal.any([asked.signal, timeout]) : timeout
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
  const options: RequestOptions = {
    agent,
    signal,
    method: asked.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...ownContract,
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  }
  return new Promise((resolve, reject) => {
    const attempt = (earlier?: Error) => {
      const sent = httpsRequest(asked.url, options, resolve)
      sent.on('error', (error) => {
        // The server closed a reused connection while we wrote to it: that says nothing about the server.
        if (!earlier && sent.reusedSocket && !signal.aborted) attempt(error)
        // It may have arrived the first time, also when nobody is reached the second time.
        else reject(timeout.aborted ? new Error(`no answer within ${asked.timeoutMs} ms`) : (earlier ?? error))
      })
      // Long polls may be silent for longer than an idle connection is held.
      sent.setTimeout(0)
      sent.end(body)
    }
    attempt()
  })
}
