/** Records of FastCGI 1.0 (fastcgi.com, *FastCGI Specification*, section 3 and 8). */
export const recordTypes = { begin: 1, abort: 2, end: 3, params: 4, stdin: 5, stdout: 6, stderr: 7 } as const

const version = 1
const headBytes = 8

/** A connection carries one request, which has that number. */
const requestId = 1

/** Role of a program that answers requests. */
const responder = 1

/** As much as one record may hold, less than a multiple of eight. */
const longestContent = 0xfff8

export interface FastCgiRecord {
  readonly type: number
  readonly content: Buffer
}

/** The first record of a request; the program closes the connection after it has answered. */
export function beginRequest(): Buffer {
  return record(recordTypes.begin, Buffer.from([0, responder, 0, 0, 0, 0, 0, 0]))
}

/** A stream's piece in as many records as it needs. An empty one would end the stream, and has none. */
export function pieceOf(type: number, content: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < content.length; at += longestContent)
    pieces.push(record(type, content.subarray(at, at + longestContent)))
  return Buffer.concat(pieces)
}

export function endOf(type: number): Buffer {
  return record(type, Buffer.alloc(0))
}

/** Names and values as the stream of params has them; a character is a byte. */
export function pairsOf(variables: ReadonlyMap<string, string>): Buffer {
  return Buffer.concat(
    [...variables].flatMap(([name, value]) => {
      const [nameBytes, valueBytes] = [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')]
      return [lengthOf(nameBytes.length), lengthOf(valueBytes.length), nameBytes, valueBytes]
    }),
  )
}

/** One byte up to 127, four with the first bit set beyond. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE((length | 0x8000_0000) >>> 0)
  return bytes
}

function record(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(headBytes)
  head[0] = version
  head[1] = type
  head.writeUInt16BE(requestId, 2)
  head.writeUInt16BE(content.length, 4)
  return Buffer.concat([head, content])
}

/**
 * Takes what a program sends, in pieces of any size, and hands on each whole record of the request; records of another request, or of the connection,
 * are skipped. False: it is not FastCGI. At most one record is held, which is 64 KiB.
 */
export function recordReader(take: (record: FastCgiRecord) => void): (piece: Buffer) => boolean {
  let kept: Buffer = Buffer.alloc(0)
  return (piece) => {
    kept = kept.length === 0 ? piece : Buffer.concat([kept, piece])
    while (kept.length >= headBytes) {
      if (kept[0] !== version) return false
      const contentBytes = kept.readUInt16BE(4)
      const whole = headBytes + contentBytes + (kept[6] ?? 0)
      if (kept.length < whole) break
      if (kept.readUInt16BE(2) === requestId)
        take({ type: kept[1] ?? 0, content: kept.subarray(headBytes, headBytes + contentBytes) })
      kept = kept.subarray(whole)
    }
    return true
  }
}
