import { operations } from '../../../../front-end/contract/operations.ts'
import { errorDocument } from '../../../../front-end/contract/wire/error.ts'
import { Failure } from '../../../failure.ts'
import { type Api, ApiRefusal } from '../../../service-management/api.ts'
import { targetOf } from '../../../service-management/target.ts'

/** Every request that changes something carries it: another site cannot send it without asking first. */
export const ownRequest = { 'x-reddog-portal': '1' } as const

/** The Service Management API as the gateway passes it on. `signedOut` is called when it says that there is no session any more. */
export function openGatewayApi(signedOut: () => void): Api {
  return {
    // The portal shows the API's own words.
    inWords: (sentence) => sentence,
    async send(operation, at = {}, { body, query, answerLimitMs } = {}) {
      const { method } = operations[operation]
      const response = await fetched(`/api${targetOf(operation, at, query)}`, {
        method,
        headers: { ...(method === 'GET' ? {} : ownRequest), ...(body === undefined ? {} : xml) },
        body: body ?? null,
        signal: answerLimitMs === undefined ? null : AbortSignal.timeout(answerLimitMs),
      })
      const text = await response.text().catch(() => {
        throw new Unanswered()
      })
      if (response.status === 401) signedOut()
      if (response.status >= 400) throw refusalOf(response.status, text)
      return { status: response.status, requestId: response.headers.get('x-ms-request-id') ?? '', text }
    },
  }
}

const xml = { 'content-type': 'application/xml' } as const

/** Throws a Failure with no message where nothing answers: what is then said is said once, by the shell. */
export async function fetched(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch {
    throw new Unanswered()
  }
}

/** The gateway does not answer: the portal's process, or the way to it, is gone. */
export class Unanswered extends Failure {
  constructor() {
    super('')
  }
}

/** What the API, or the gateway itself, says of a request that was not carried out. */
export function refusalOf(status: number, text: string): ApiRefusal {
  const error = errorDocument.read(text)
  if (error.ok) return new ApiRefusal(error.value.message, status, error.value.code)
  return new ApiRefusal(gatewayMessage(text), status, '')
}

/** The gateway's own errors are JSON. */
function gatewayMessage(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}
