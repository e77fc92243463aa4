import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { errorDocument } from '../../../front-end/contract/wire/error.ts'
import { systemWords } from '../../../kernel/system-words.ts'
import { Failure } from '../../failure.ts'
import { type Api, ApiRefusal } from '../../service-management/api.ts'
import { targetOf } from '../../service-management/target.ts'

/** Version that every request names. */
const apiVersion = '2017-01-01'

/** Longest silence of the API: the plan of an upgrade takes as long as reading the largest package (600 MB, B-2). */
const silenceLimitMs = 310_000

/** Connections to the API: as many as browsers open, and the polls of what they watch. Origin: choice. */
const mostConnections = 64

/** Largest answer that is held as a whole: Get Deployment of 10,000 instances has some 5 MiB. */
const answerLimitBytes = 16 * 1024 * 1024

export interface ApiRequest {
  readonly method: string
  /** Path and query behind the subscription; '' or beginning with a slash. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string | number>> | undefined
  readonly body?: Uint8Array | undefined
  readonly signal?: AbortSignal | undefined
}

/** The way to the API, under the portal's own management certificate: like any other client's (F-3). */
export interface ApiLink {
  /** The answer as a stream. Rejects when none comes. */
  open(asked: ApiRequest): Promise<IncomingMessage>
  /** The whole answer to a GET, whatever its status. Rejects when none comes. */
  get(target: string, signal?: AbortSignal): Promise<{ readonly status: number; readonly text: string }>
  /** For queries through the shared client. */
  readonly api: Api
  close(): void
}

export function openApiLink(options: {
  readonly managementUrl: string
  readonly subscriptionId: string
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
}): ApiLink {
  const { hostname, port } = new URL(options.managementUrl)
  const agent = new Agent({ ...options.tls, keepAlive: true, maxSockets: mostConnections })

  function open({ method, target, headers, body, signal }: ApiRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const attempt = (again: boolean) => {
        const sent = request(
          {
            agent,
            host: hostname,
            port,
            method,
            // As it is: a parser of URLs would take dots in it for directories.
            path: `/${options.subscriptionId}${target}`,
            headers: { 'x-ms-version': apiVersion, ...headers },
            ...(signal && { signal }),
            timeout: silenceLimitMs,
          },
          resolve,
        )
        sent.once('timeout', () => sent.destroy(new Error(`no answer for ${silenceLimitMs / 1000} s`)))
        // A connection that was closed while it lay idle says nothing about the API.
        sent.once('error', (error) => (again && sent.reusedSocket && !signal?.aborted ? attempt(false) : reject(error)))
        sent.end(body)
      }
      attempt(method === 'GET')
    })
  }

  async function get(target: string, signal?: AbortSignal) {
    const answer = await open({ method: 'GET', target, signal })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > answerLimitBytes) throw new Error(`the answer is larger than ${answerLimitBytes} bytes`)
      chunks.push(chunk)
    }
    return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }
  }

  const api: Api = {
    async send(operation, at = {}, { query } = {}) {
      const { status, text } = await get(targetOf(operation, at, query)).catch((error: unknown) => {
        throw new Failure(`The API does not answer: ${systemWords(error)}.`)
      })
      if (status < 400) return { status, text, requestId: '' }
      const error = errorDocument.read(text)
      throw new ApiRefusal(error.ok ? error.value.message : text, status, error.ok ? error.value.code : '')
    },
    inWords: (sentence) => sentence,
  }

  return { open, get, api, close: () => agent.destroy() }
}
