import { clientField } from '../tell-client.ts'

/** What the head of an HTTP/1 message states about the end of the message and the rest of its connection. */
export interface HeadLines {
  host: string | undefined
  contentLength: number | undefined
  chunked: boolean
  /** Tokens of Connection. */
  close: boolean
  /** `close` stands together with other tokens. */
  closeAmongOthers: boolean
  keepAlive: boolean
  upgradeToken: boolean
  /** What all Upgrade lines name, in lower case; it counts only when Connection names Upgrade. */
  upgradeTo: string | undefined
  /** The content has no end of its own: server-sent events, or parts that replace one another. */
  endless: boolean
  /** It contains the field that names the client to a member. */
  namesClient: boolean
  /** Seconds that `Keep-Alive: timeout=` grants. */
  keepAliveSeconds: number | undefined
  /**
   * Start and end of each line about one connection alone, `Connection: close` or `keep-alive` and `Keep-Alive`, ascending. A
   * Connection line with other tokens is not among them: what it names is passed on with it.
   */
  readonly hopLines: number[]
}

const colon = 0x3a
const letterX = 0x78
const carriageReturn = 0x0d

/**
 * Media types whose content goes on until somebody leaves, by their definition (HTML, 9.2; RFC 2046, 5.1 as servers push with it).
 * Others may flow for long too, but are complete only with their end.
 */
const endlessType = /^(?:text\/event-stream|multipart\/x-mixed-replace)(?:[ \t;]|$)/i

/** Which characters a field name may have: `token` of RFC 9110, 5.6.2. */
const isTokenCharacter = Uint8Array.from({ length: 256 }, (_, code) =>
  /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/**
 * Reads the field lines of a head from `from` on; `text` is latin-1 and ends with the CRLF of the last line. A string says why
 * they cannot be trusted: text that two parsers may read differently is refused (RFC 9112, 11.2).
 */
export function readHeadLines(text: string, from: number): HeadLines | string {
  const lines: HeadLines = {
    host: undefined,
    contentLength: undefined,
    chunked: false,
    close: false,
    closeAmongOthers: false,
    keepAlive: false,
    upgradeToken: false,
    upgradeTo: undefined,
    endless: false,
    namesClient: false,
    keepAliveSeconds: undefined,
    hopLines: [],
  }
  for (let at = from; at < text.length; ) {
    const end = text.indexOf('\n', at)
    let nameEnd = at
    while (isTokenCharacter[text.charCodeAt(nameEnd)] === 1) nameEnd++
    if (text.charCodeAt(end - 1) !== carriageReturn) return 'a line ends without a carriage return'
    if (nameEnd === at) return 'a line is folded or has no field name'
    if (text.charCodeAt(nameEnd) !== colon) return 'a field name is not followed by a colon'
    if (text.indexOf('\r', nameEnd) !== end - 1) return 'a field value holds a carriage return'
    const fault = readField(lines, text, at, nameEnd, end)
    if (fault) return fault
    at = end + 1
  }
  if (lines.chunked && lines.contentLength !== undefined)
    return 'Content-Length and Transfer-Encoding contradict each other'
  return text.includes('\0') ? 'there is a NUL character in it' : lines
}

/** Start and end of each line whose field has one of these names, ascending. The head was read without a fault. */
export function linesCalled(names: readonly string[], text: string, from: number): number[] {
  const found: number[] = []
  for (let at = from; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1
    if (names.includes(text.slice(at, text.indexOf(':', at)).toLowerCase())) found.push(at, end)
    at = end
  }
  return found
}

/** Notes one field, if it matters: the length of the name is enough to exclude most. Returns what is wrong with it. */
function readField(lines: HeadLines, text: string, at: number, nameEnd: number, end: number): string | undefined {
  const length = nameEnd - at
  if (length === clientField.length) {
    // Most of this length are of every request of a browser.
    if ((text.charCodeAt(at) | 0x20) === letterX && text.slice(at, nameEnd).toLowerCase() === clientField)
      lines.namesClient = true
    return undefined
  }
  if (length !== 4 && length !== 7 && length !== 10 && length !== 12 && length !== 14 && length !== 17) return undefined
  const value = () => trimmed(text, nameEnd + 1, end - 1)
  switch (text.slice(at, nameEnd).toLowerCase()) {
    case 'host':
      if (lines.host !== undefined) return 'there are two Host fields'
      lines.host = value()
      return undefined
    case 'upgrade':
      // Several lines are one list (RFC 9110, 5.3).
      lines.upgradeTo = (lines.upgradeTo === undefined ? '' : `${lines.upgradeTo}, `) + value().toLowerCase()
      return undefined
    case 'connection':
      if (!readConnection(lines, value())) lines.hopLines.push(at, end + 1)
      return undefined
    case 'keep-alive':
      lines.keepAliveSeconds = keepAliveSeconds(value())
      lines.hopLines.push(at, end + 1)
      return undefined
    case 'content-type':
      lines.endless = endlessType.test(value())
      return undefined
    case 'content-length':
      return readContentLength(lines, value())
    case 'transfer-encoding':
      return readTransferEncoding(lines, value())
    default:
      return undefined
  }
}

/** Whether the line has tokens other than those that keep or close the connection. */
function readConnection(lines: HeadLines, value: string): boolean {
  let close = false
  let more = false
  for (const token of value.toLowerCase().split(',')) {
    const word = trimmed(token, 0, token.length)
    if (word === 'close') close = true
    else if (word === 'keep-alive') lines.keepAlive = true
    else if (word !== '') more = true
    if (word === 'upgrade') lines.upgradeToken = true
  }
  if (close) lines.close = true
  if (close && more) lines.closeAmongOthers = true
  return more
}

function readContentLength(lines: HeadLines, value: string): string | undefined {
  if (!/^\d{1,15}$/.test(value)) return `Content-Length "${value}" is no number of bytes`
  if (lines.contentLength !== undefined) return 'there are two Content-Length fields'
  lines.contentLength = Number(value)
  return undefined
}

function readTransferEncoding(lines: HeadLines, value: string): string | undefined {
  if (lines.chunked || value.toLowerCase() !== 'chunked') return `Transfer-Encoding "${value}" is not "chunked" alone`
  lines.chunked = true
  return undefined
}

function keepAliveSeconds(value: string): number | undefined {
  const seconds = /timeout=(\d{1,9})/i.exec(value)?.[1]
  return seconds ? Number(seconds) : undefined
}

/** The text between, without spaces and tabs at its ends: the only white space that HTTP knows there, while `trim` knows more. */
function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/**
 * Moves the text before each of these lines forward, over the line, so that nothing is copied elsewhere. Lines are counted from
 * `at`; the moved text begins at `start`. Returns where it begins now.
 */
export function overwriteLines(bytes: Uint8Array, start: number, at: number, lines: readonly number[]): number {
  let begin = start
  for (let index = 0; index < lines.length; index += 2) {
    const from = at + (lines[index] as number)
    const length = (lines[index + 1] as number) - (lines[index] as number)
    bytes.copyWithin(begin + length, begin, from)
    begin += length
  }
  return begin
}
