import { STATUS_CODES } from 'node:http'

/** Why the listener itself has answered, or has not, in the texts of HTTP.sys for `s-reason` (G-12). */
export type Reason =
  | 'AppOffline'
  | 'BadRequest'
  | 'Client_Reset'
  | 'Connection_Abandoned_By_ReqQueue'
  | 'EntityTooLarge'
  | 'Header'
  | 'Hostname'
  | 'Invalid_CR/LF'
  | 'LengthRequired'
  | 'N/A'
  | 'N/I'
  | 'Number'
  | 'QueueFull'
  | 'RequestLength'
  | 'Timer_ConnectionIdle'
  | 'Timer_EntityBody'
  | 'Timer_HeaderWait'
  | 'Timer_MinBytesPerSecond'
  | 'URL'
  | 'URL_Length'
  | 'Verb'
  | 'Version_N/S'

/** An answer of the listener's own. */
export interface Refusal {
  readonly status: number
  readonly reason: Reason
  /** A sentence for the client. */
  readonly text: string
}

export const refusals = {
  badRequest: { status: 400, reason: 'BadRequest', text: 'The request is badly formed.' },
  header: { status: 400, reason: 'Header', text: 'The request has an invalid header field.' },
  hostname: { status: 400, reason: 'Hostname', text: 'The request hostname is invalid.' },
  lineEnd: { status: 400, reason: 'Invalid_CR/LF', text: 'The request has an invalid line end.' },
  number: { status: 400, reason: 'Number', text: 'The request has an invalid Content-Length.' },
  requestLength: { status: 400, reason: 'RequestLength', text: 'The request headers are too long.' },
  url: { status: 400, reason: 'URL', text: 'The request URL is invalid.' },
  verb: { status: 400, reason: 'Verb', text: 'The request verb is invalid.' },
  lengthRequired: { status: 411, reason: 'LengthRequired', text: 'The request must say how long it is.' },
  entityTooLarge: { status: 413, reason: 'EntityTooLarge', text: 'The request body is too large.' },
  urlLength: { status: 414, reason: 'URL_Length', text: 'The request URL is too long.' },
  notImplemented: { status: 501, reason: 'N/I', text: 'The transfer coding of the request is not known.' },
  noBinding: { status: 503, reason: 'N/A', text: 'The service is unavailable.' },
  offline: { status: 503, reason: 'AppOffline', text: 'The service is unavailable.' },
  queueFull: { status: 503, reason: 'QueueFull', text: 'The service is unavailable.' },
  version: { status: 505, reason: 'Version_N/S', text: 'The HTTP version of the request is not supported.' },
} as const satisfies Readonly<Record<string, Refusal>>

export function statusText({ status }: Refusal): string {
  return STATUS_CODES[status] ?? ''
}

/** The page of a refusal. */
export function refusalPage(refusal: Refusal): string {
  const { status, text } = refusal
  const title = statusText(refusal)
  return `<!DOCTYPE html>\r\n<html><head><title>${title}</title></head>\r\n<body><h2>${title}</h2>\r\n<hr><p>HTTP Error ${status}. ${text}</p>\r\n</body></html>\r\n`
}

/** Its header fields, name and value in turn. */
export function refusalFields(page: string): readonly string[] {
  const length = String(Buffer.byteLength(page))
  const server = 'Microsoft-HTTPAPI/2.0'
  return ['Content-Type', 'text/html; charset=us-ascii', 'Server', server, 'Content-Length', length]
}
