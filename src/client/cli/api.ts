import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { type OperationName, operations } from '../../front-end/contract/operations.ts'
import { errorDocument } from '../../front-end/contract/wire/error.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { Failure } from '../failure.ts'
import { type Answer, type Api, ApiRefusal, NoAnswer } from '../service-management/api.ts'
import { targetOf } from '../service-management/target.ts'
import { inOwnWords } from './own-words.ts'
import type { SignIn } from './sign-in.ts'

/** Version that every request names. */
const apiVersion = '2017-01-01'

/** How long a front end that has answered before is waited for: longer than `up` takes to start it again. */
const reconnectLimitMs = 15_000

/** How long one that has never answered is. */
const connectLimitMs = 1_000
const reconnectPollMs = 250

/** Longest time without a byte of an answer, unless set otherwise. */
const answerLimitMs = 60_000

/** A client of the Service Management API: HTTPS with the certificate of the publish settings. */
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
    inWords: inOwnWords,
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
  return new URL(`${managementUrl.replace(/\/+$/, '')}/${subscriptionId}${targetOf(name, at, query)}`)
}

function accepted(asked: string, answer: Answer): Answer {
  if (answer.status < 400) return answer
  const error = errorDocument.read(answer.text)
  const { code, message } = error.ok ? error.value : { code: '', message: answer.text }
  throw new ApiRefusal(
    `${inOwnWords(message)} (${asked} was answered with ${answer.status} ${code}.)`,
    answer.status,
    code,
  )
}

/** A refused connection has carried nothing; a broken one may have, so only a query is sent again. */
function mayRepeat(method: string, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNREFUSED' || (method === 'GET' && (code === 'ECONNRESET' || code === 'EPIPE'))
}

function unreachable(asked: string, url: URL, { start }: SignIn, error: unknown): NoAnswer {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED')
    return new NoAnswer(`Nothing answers at ${url.origin}. Start the fabric with "${start}".`)
  if (code && /CERT|SIGNATURE|ISSUER/.test(code))
    return new NoAnswer(
      `${asked}: the certificate of ${url.origin} is not trusted (${code}). Name the fabric's authority.pem with --ca.`,
    )
  return new NoAnswer(`${asked}: no answer from ${url.origin}: ${systemWords(error)}.`)
}
