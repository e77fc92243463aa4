import { type Reason, type Refusal, refusals } from './refusals.ts'

/** What a client has sent instead of a request: an answer, or the reason why its connection ends without one. */
export type Unreadable = { readonly refusal: Refusal } | { readonly reason: Reason | undefined }

/** An error of Node's parser, or of its connection. */
export interface ParserError extends NodeJS.ErrnoException {
  readonly reason?: string
  /** The bytes in which it was found. */
  readonly rawPacket?: Buffer
}

const byCode: Readonly<Record<string, Refusal>> = {
  HPE_CHUNK_EXTENSIONS_OVERFLOW: refusals.entityTooLarge,
  HPE_CR_EXPECTED: refusals.lineEnd,
  HPE_INVALID_CONTENT_LENGTH: refusals.number,
  HPE_INVALID_HEADER_TOKEN: refusals.header,
  HPE_INVALID_METHOD: refusals.verb,
  HPE_INVALID_TRANSFER_ENCODING: refusals.header,
  HPE_INVALID_URL: refusals.url,
  HPE_LF_EXPECTED: refusals.lineEnd,
  HPE_STRICT: refusals.lineEnd,
  HPE_UNEXPECTED_CONTENT_LENGTH: refusals.number,
  HPE_UNEXPECTED_SPACE: refusals.header,
}

/** The name that HTTP.sys has for what Node's parser found; `isSilent`: not a byte had come. */
export function unreadable(
  { code = '', reason = '', rawPacket }: ParserError,
  { isSilent, headBytes }: { readonly isSilent: boolean; readonly headBytes: number },
): Unreadable {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { reason: isSilent ? 'Timer_ConnectionIdle' : 'Timer_HeaderWait' }
  if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return { reason: undefined }
  if (code === 'HPE_HEADER_OVERFLOW') {
    const hasLine = rawPacket?.subarray(0, headBytes).includes('\n') ?? true
    return { refusal: hasLine ? refusals.requestLength : refusals.urlLength }
  }
  if (reason.endsWith('overflow')) return { refusal: refusals.entityTooLarge }
  if (reason === 'Invalid HTTP version') return { refusal: refusals.version }
  return { refusal: byCode[code] ?? refusals.badRequest }
}
