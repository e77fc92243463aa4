import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { bodyLimitBytes } from '../../../front-end/contract/errors.ts'
import { errorDocument } from '../../../front-end/contract/wire/error.ts'
import { systemWords } from '../../../kernel/system-words.ts'
import { portalPaths } from '../protocol.ts'
import type { ApiLink } from './api-link.ts'
import { apiTarget } from './api-target.ts'
import type { SignedInExchange } from './exchange.ts'
import { wholeBody } from './request-body.ts'

/** Headers of the API's answer that pages see. */
const passedOn = ['content-type', 'content-length', 'x-ms-request-id', 'x-ms-continuation-token'] as const

/** Passes a request on to the API, under the portal's own certificate, and its answer back (F-3). `changed` is called when something may be another than before. */
export async function forward(exchange: SignedInExchange, link: ApiLink, changed: () => void): Promise<void> {
  const { request, response, method, gone } = exchange
  const target = apiTarget(method, exchange.target.slice(portalPaths.api.length))
  const body = method === 'GET' ? undefined : await wholeBody(request, bodyLimitBytes)
  const headers = body && { 'content-type': 'application/xml', 'content-length': body.length }
  let answer: IncomingMessage
  try {
    answer = await link.open({ method, target, headers, body, signal: gone })
  } catch (error) {
    if (!gone.aborted) answerBusy(exchange, error)
    return
  }
  for (const name of passedOn) {
    const value = answer.headers[name]
    if (value !== undefined) response.setHeader(name, value)
  }
  response.writeHead(answer.statusCode ?? 502)
  await pipeline(answer, response)
  if (method !== 'GET') changed()
}

/** As the API says it when its controller does not answer. */
function answerBusy({ response }: SignedInExchange, error: unknown): void {
  const message = `The API does not answer: ${systemWords(error)}. Retry after some time.`
  response.writeHead(503, { 'content-type': 'application/xml; charset=utf-8' })
  response.end(errorDocument.write({ code: 'ServerBusy', message }))
}
