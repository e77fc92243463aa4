import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ByteRange } from './ranges.ts'

const chunkBytes = 64 * 1024

/**
 * Parts of a file, and texts between them, read as fast as they are taken. The file is closed when the stream is destroyed, at its end too. It fails when
 * the file has become shorter than was promised: the connection must be cut then, for its Content-Length is sent already.
 */
export function fileBody(handle: FileHandle, pieces: readonly (Buffer | ByteRange)[]): Readable {
  const rest = [...pieces]
  const next = async (): Promise<Buffer | null> => {
    const [piece] = rest
    if (piece === undefined || Buffer.isBuffer(piece)) return rest.shift() && piece ? piece : null
    const { start, end } = piece
    const wanted = Math.min(chunkBytes, end - start + 1)
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, start)
    if (bytesRead === 0) throw new Error(`The file ends at byte ${start}; ${end + 1} were promised.`)
    if (start + bytesRead > end) rest.shift()
    else rest[0] = { start: start + bytesRead, end }
    return buffer.subarray(0, bytesRead)
  }
  return new Readable({
    highWaterMark: chunkBytes,
    read() {
      next().then(
        (chunk) => this.push(chunk),
        (error) => this.destroy(error),
      )
    },
    destroy(fault, closed) {
      handle.close().then(() => closed(fault), closed)
    },
  })
}
