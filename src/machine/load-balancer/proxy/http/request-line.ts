/** The first line of a request, as far as it decides how the rest is passed on. */
export interface RequestLine {
  readonly method: string
  /** HTTP/1.0. */
  readonly old: boolean
  /** Characters, with its CRLF. */
  readonly length: number
  /** Whom an absolute target names: it counts instead of the Host field (RFC 9112, 3.2.2). */
  readonly host: string | undefined
  /** What is sent instead of the line, and of the Host field when the target names one; undefined when the line is sent as it came. */
  readonly beginning: string | undefined
}

/** Why a request is refused: one sentence for the client. */
export interface RefusedHead {
  readonly refused: string
  /** 400 unless it is named. */
  readonly status?: 505
}

/** `METHOD SP target SP HTTP/x.y CRLF`, exactly: other white space is read differently by different servers. */
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~\x80-\xff]+) HTTP\/(\d)\.(\d)\r\n/

/** A line of HTTP/0.9, which is the whole request. */
const oldestRequestLine = /^[A-Z]+ [!-~\x80-\xff]+\r\n/

/** Scheme, authority, and path with query of an absolute target. */
const absoluteTarget = /^([a-z][a-z0-9+\-.]*):\/\/([^/?#]*)(.*)$/is

/** The first bytes of a client of HTTP/2 without TLS (RFC 9113, 3.4). */
const http2Preface = 'PRI * HTTP/2.0\r\n'

/** Reads it; `text` is latin-1 and begins with the whole line. */
export function readRequestLine(text: string): RequestLine | RefusedHead {
  if (text.startsWith(http2Preface))
    return { refused: 'it begins HTTP/2, which an http endpoint does not speak; declare the endpoint as tcp' }
  const match = requestLine.exec(text)
  if (!match && oldestRequestLine.test(text)) return otherVersion('0.9')
  if (!match) return { refused: 'its first line is not of the form "METHOD target HTTP/1.1"' }
  const [line, method = '', target = '', major, minor] = match
  if (major !== '1') return otherVersion(`${major}.${minor}`)
  if (method === 'CONNECT') return { refused: `CONNECT ${target} asks for a tunnel, which a cloud service has not` }
  const old = minor === '0'
  const [absolute, scheme = '', host = '', rest = ''] = absoluteTarget.exec(target) ?? []
  const version = `HTTP/1.${old ? 0 : 1}`
  if (absolute === undefined) {
    // A later HTTP/1 is understood as this one, and a proxy speaks its own version (RFC 9110, 2.5).
    const beginning = minor === '0' || minor === '1' ? undefined : `${method} ${target} ${version}\r\n`
    return { method, old, length: line.length, host: undefined, beginning }
  }
  if (scheme.toLowerCase() !== 'http')
    return { refused: `its target ${target} is of ${scheme}, and the endpoint is of http; ask for http://` }
  if (host === '' || host.includes('@') || host.startsWith(':'))
    return { refused: `its target ${target} names no host; ask for http://HOST/PATH` }
  const beginning = `${method} ${originForm(method, rest)} ${version}\r\nHost: ${host}\r\n`
  return { method, old, length: line.length, host, beginning }
}

/** Without a path it is the root, or the server itself for OPTIONS (RFC 9112, 3.2.4). */
function originForm(method: string, rest: string): string {
  if (rest === '' && method === 'OPTIONS') return '*'
  return rest.startsWith('/') ? rest : `/${rest}`
}

function otherVersion(version: string): RefusedHead {
  return { refused: `it is of HTTP/${version}, and an http endpoint speaks HTTP/1.1`, status: 505 }
}
