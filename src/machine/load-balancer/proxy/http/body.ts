/** Where a message's body ends: after so many bytes, with the last chunk, or with the connection. */
export type Framing = number | 'chunked' | 'untilClose'

/** How much of a body has arrived. One object a body, changed only by `takeBody`, which is called for every piece that arrives. */
export interface BodyProgress {
  done: boolean
  phase: Phase
  /** Bytes of the body, or of the chunk, that are still to come. */
  remaining: number
  /** Characters of the size, extension or trailer that is being read. */
  lineLength: number
  readonly untilClose: boolean
  /** It is to end with the chunk that is coming, or has: its last chunk is not its sender's. */
  isCut: boolean
}

/** Phases of RFC 9112, 7.1, in the order in which they come. */
type Phase = 'size' | 'extension' | 'sizeEnd' | 'data' | 'dataReturn' | 'dataEnd' | 'trailer' | 'trailerEnd' | 'lastEnd'

/** 2⁵² bytes: more could not be counted exactly. */
const sizeDigits = 13

/** Bytes of a chunk's extension, and of all trailers. Origin: choice; nothing in use comes near. */
const extensionBytes = 4 * 1024
const trailerBytes = 64 * 1024

const lineFeed = 0x0a
const carriageReturn = 0x0d
const semicolon = 0x3b
const space = 0x20
const tab = 0x09

export function bodyProgress(framing: Framing): BodyProgress {
  const fixed = typeof framing === 'number'
  return {
    done: framing === 0,
    phase: framing === 'chunked' ? 'size' : 'data',
    remaining: fixed ? framing : framing === 'untilClose' ? Number.POSITIVE_INFINITY : 0,
    lineLength: fixed ? -1 : 0,
    untilClose: framing === 'untilClose',
    isCut: false,
  }
}

/** Follows the body through `bytes` from `from` on. Returns the index after its last byte there, or -1 when it is malformed. */
export function takeBody(body: BodyProgress, bytes: Uint8Array, from: number): number {
  if (body.lineLength === -1 || body.untilClose) {
    const taken = Math.min(body.remaining, bytes.length - from)
    body.remaining -= taken
    body.done = body.remaining === 0
    return from + taken
  }
  let at = from
  while (at < bytes.length && !body.done) {
    if (body.phase === 'data') {
      const taken = Math.min(body.remaining, bytes.length - at)
      body.remaining -= taken
      at += taken
      if (body.remaining === 0) body.phase = 'dataReturn'
    } else if (!step(body, bytes[at++] as number)) return -1
  }
  return at
}

/** Ends the body at the next place where it can end: here, when no chunk has begun; then it is done. */
export function cutBody(body: BodyProgress): void {
  if (body.done) return
  body.isCut = true
  body.done = body.untilClose || (body.phase === 'size' && body.lineLength === 0)
}

/** Takes one byte outside the data of a chunk; false when it may not stand there. */
function step(body: BodyProgress, byte: number): boolean {
  switch (body.phase) {
    case 'size': {
      const digit = hexDigit(byte)
      if (digit >= 0) {
        body.remaining = body.remaining * 16 + digit
        return ++body.lineLength <= sizeDigits
      }
      if (body.lineLength === 0) return false
      return startExtension(body, byte)
    }
    case 'extension':
      if (byte === carriageReturn) return enter(body, 'sizeEnd')
      return byte !== lineFeed && byte !== 0 && ++body.lineLength <= extensionBytes
    case 'sizeEnd':
      return byte === lineFeed && enter(body, body.remaining === 0 ? 'trailer' : 'data')
    case 'dataReturn':
      return byte === carriageReturn && enter(body, 'dataEnd')
    case 'dataEnd':
      body.done = body.isCut
      return byte === lineFeed && enter(body, 'size')
    case 'trailer':
      // `remaining` counts the trailers' bytes: there is no chunk any more.
      if (byte === carriageReturn) return enter(body, body.lineLength === 0 ? 'lastEnd' : 'trailerEnd')
      body.lineLength++
      return byte !== lineFeed && byte !== 0 && ++body.remaining <= trailerBytes
    case 'trailerEnd':
      return byte === lineFeed && enter(body, 'trailer')
    case 'lastEnd':
      body.done = true
      body.isCut = false
      return byte === lineFeed
    case 'data':
      return false
  }
}

function startExtension(body: BodyProgress, byte: number): boolean {
  if (byte === carriageReturn) return enter(body, 'sizeEnd')
  return (byte === semicolon || byte === space || byte === tab) && enter(body, 'extension')
}

function enter(body: BodyProgress, phase: Phase): true {
  body.phase = phase
  body.lineLength = 0
  return true
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
