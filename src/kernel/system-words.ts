/** Words for the error codes of the system and the libraries, for a person. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a directory',
  EEXIST: 'something stands there already',
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'the file system cannot be written',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the disk does not work as it should',
  EBUSY: 'something else uses it',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the path is longer than the system allows',
  EMFILE: 'too many files are open in this process',
  ENFILE: 'too many files are open on this machine',
  ENOMEM: 'this machine is out of memory',
  EAGAIN: 'this machine can start no further process',
  E2BIG: 'its arguments and variables are longer than the system allows',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut off',
  ECONNABORTED: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  ETIMEDOUT: 'no answer came in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer came in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'no answer came in time',
  ENOTFOUND: 'no machine has that name',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'no way leads to that machine',
  ENETUNREACH: 'no way leads to that network',
  EADDRINUSE: 'another process listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EPROTO: 'what listens there does not speak https',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there does not speak https',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there does not speak https',
}

/**
 * Why the system or a library refused, as a clause without full stop. A code that the table does not know is given as it is, never with calls, paths
 * or addresses, which may hold a signature. Our own errors have no code; their text is used as it is.
 */
export function systemWords(error: unknown): string {
  const { code, statusCode, message, name } = coded(error)
  if (statusCode !== undefined) return ['it answers with HTTP', statusCode, code].filter(Boolean).join(' ')
  if (name === 'TimeoutError') return 'no answer came in time'
  // Of undici, which often names no code, and of Node (HPE_INVALID_CONSTANT and some thirty more).
  if (name === 'HTTPParserError' || code?.startsWith('HPE_')) return 'what listens there does not speak http'
  if (code === undefined) return message.replace(/\.$/, '')
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return `the certificate is not valid at the time that the clock here shows (${code})`
  if (/CERT|SIGNATURE|ISSUER|PURPOSE|ALTNAME/.test(code)) return `the certificate is not trusted (${code})`
  const text = /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1]
  return words[code] ?? `the system says ${text === undefined ? code : `"${text}" (${code})`}`
}

interface Coded {
  readonly code?: string | undefined
  readonly statusCode?: number | undefined
  readonly message: string
  readonly name: string
}

/** The error itself, or its cause: only there does `fetch` say why. */
function coded(error: unknown): Coded {
  if (!(error instanceof Error)) return { message: String(error), name: '' }
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: number }
  if (error.cause instanceof Error && typeof code !== 'string') return coded(error.cause)
  return { code: typeof code === 'string' ? code : undefined, statusCode, message: error.message, name: error.name }
}
