import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { type Operation, type OperationName, operations } from '../../front-end/contract/operations.ts'
import { errorDocument } from '../../front-end/contract/wire/error.ts'
import type { Fault } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { exitCodes, Failure } from './failure.ts'
import { inOwnWords } from './own-words.ts'
import type { SignIn } from './sign-in.ts'

/** Version that every request names (R-13). */
const apiVersion = '2017-01-01'

/** How long a front end that has answered before is waited for: longer than `up` takes to start it again. */
const reconnectLimitMs = 15_000

/** How long one that has never answered is. */
const connectLimitMs = 1_000
const reconnectPollMs = 250

/** Longest time without a byte of an answer, unless set otherwise. */
const answerLimitMs = 60_000

export interface Answer {
  readonly status: number
  /** The operation's ID of an asynchronous request (O-1). */
  readonly requestId: string
  readonly text: string
}

export interface Api {
  /**
   * Requests an operation. `at` fills the places of its path: a name as it is, `deployment` in its form `deploymentslots/<slot>`.
   * Throws an ApiRefusal for every status from 400 on, and a Failure when the front end does not answer.
   */
  send(
    operation: OperationName,
    at?: Readonly<Record<string, string>>,
    more?: {
      readonly body?: string
      readonly query?: Readonly<Record<string, string>>
      readonly answerLimitMs?: number
    },
  ): Promise<Answer>
}

/** A refusal by the API: code and text of section 6 of service-management-api.md. */
export class ApiRefusal extends Failure {
  readonly status: number
  readonly code: string
  constructor(asked: string, status: number, { code, message }: Fault) {
    super(`${inOwnWords(message)} (${asked} was answered with ${status} ${code}.)`, undefined, { code })
    this.status = status
    this.code = code
  }
}

/** A client of the Service Management API: HTTPS with the certificate of the publish settings (R-3). */
export function openApi(signIn: SignIn): Api {
  const agent = new Agent({
    keepAlive: true,
    cert: signIn.certificatePem,
    key: signIn.keyPem,
    ...(signIn.authorityPem === undefined ? {} : { ca: signIn.authorityPem }),
  })

  let answered = false

  function once(method: string, url: URL, body: string | undefined, timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        'x-ms-version': apiVersion,
        ...(method === 'GET'
          ? {}
          : { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body ?? '') }),
      }
      const sent = request(url, { method, agent, headers, timeout }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            requestId: String(response.headers['x-ms-request-id'] ?? ''),
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      sent.once('timeout', () => sent.destroy(new Error(`no answer for ${timeout / 1000} s`)))
      sent.once('error', reject)
      sent.end(body)
    })
  }

  return {
    async send(operation, at = {}, { body, query, answerLimitMs: limitMs = answerLimitMs } = {}) {
      const { method } = operations[operation]
      const url = urlOf(signIn, operation, at, query)
      const began = performance.now()
      for (;;)
        try {
          const answer = await once(method, url, body, limitMs)
          answered = true
          return accepted(operation, answer)
        } catch (error) {
          if (error instanceof Failure) throw error
          if (!mayRepeat(method, error) || performance.now() - began > (answered ? reconnectLimitMs : connectLimitMs))
            throw unreachable(operation, url, signIn, error)
          await delay(reconnectPollMs)
        }
    },
  }
}

function urlOf(
  { managementUrl, subscriptionId }: SignIn,
  name: OperationName,
  at: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): URL {
  const operation: Operation = operations[name]
  const path = operation.path.replace(/\{(\w+)\}/g, (_, place: string) =>
    // Only this path is made here, of two segments; all others are names that a user typed.
    place === 'deployment' ? (at[place] ?? '') : segment(place, at[place] ?? ''),
  )
  const url = new URL(`${managementUrl.replace(/\/+$/, '')}/${subscriptionId}${path && `/${path}`}`)
  url.search = new URLSearchParams({ ...(operation.comp ? { comp: operation.comp } : {}), ...query }).toString()
  return url
}

/** A name as one segment of a path. The parser of URLs takes dots for directories even when they are encoded. */
function segment(place: string, name: string): string {
  if (name !== '' && name !== '.' && name !== '..') return encodeURIComponent(name)
  throw new Failure(`"${name}" is no name of a ${place}. Write its name.`, exitCodes.wrongUse)
}

function accepted(asked: string, answer: Answer): Answer {
  if (answer.status < 400) return answer
  const error = errorDocument.read(answer.text)
  throw new ApiRefusal(asked, answer.status, error.ok ? error.value : { code: '', message: answer.text })
}

/** A refused connection has carried nothing; a broken one may have, so only a query is sent again. */
function mayRepeat(method: string, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNREFUSED' || (method === 'GET' && (code === 'ECONNRESET' || code === 'EPIPE'))
}

function unreachable(asked: string, url: URL, { start }: SignIn, error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return new Failure(`Nothing answers at ${url.origin}. Start the fabric with "${start}".`)
  if (code && /CERT|SIGNATURE|ISSUER/.test(code))
    return new Failure(
      `${asked}: the certificate of ${url.origin} is not trusted (${code}). Name the fabric's authority.pem with --ca.`,
    )
  return new Failure(`${asked}: no answer from ${url.origin}: ${systemWords(error)}.`)
}
