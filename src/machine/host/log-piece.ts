import { openInside } from './open-inside.ts'

/** Most bytes of a log that one answer carries. */
const pieceBytes = 64 * 1024

export interface LogPiece {
  readonly text: string
  readonly nextOffset: number
}

/**
 * Continues to read a file of a guest, from `offset` in bytes; from its beginning when it has been rotated and is shorter now. A
 * missing file counts as empty. Rejects when it is not a file, or lies outside the guest.
 */
export async function readLogPiece(root: string, file: string, offset: number): Promise<LogPiece> {
  const handle = await openInside(root, file)
  if (!handle) return { text: '', nextOffset: 0 }
  try {
    const facts = await handle.stat()
    if (!facts.isFile()) throw new Error(`${file} is no file of this guest.`)
    const from = offset > facts.size ? 0 : offset
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes, from)
    const whole = wholeCharacters(buffer.subarray(0, bytesRead))
    return { text: whole.toString('utf8'), nextOffset: from + whole.length }
  } finally {
    await handle.close()
  }
}

/** Without the first bytes of a character whose others were not read; they come with the next piece. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}
