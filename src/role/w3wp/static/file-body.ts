import { closeSync, read, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { ByteRange } from './ranges.ts'

const chunkBytes = 64 * 1024

const readLater = promisify(read)

/**
 * Parts of a file, and texts between them, read as fast as they are taken. The file is closed when the stream is destroyed, at its end too. It fails when
 * the file has become shorter than was promised: the connection must be cut then, for its Content-Length is sent already.
 */
export function fileBody(descriptor: number, pieces: readonly (Buffer | ByteRange)[]): Readable {
  const rest = [...pieces]
  const taken = ({ start, end }: ByteRange, buffer: Buffer, bytesRead: number): Buffer => {
    if (bytesRead === 0) throw new Error(`The file ends at byte ${start}; ${end + 1} were promised.`)
    if (start + bytesRead > end) rest.shift()
    else rest[0] = { start: start + bytesRead, end }
    return buffer.subarray(0, bytesRead)
  }
  let reading: Promise<Buffer> | undefined
  const next = (): Buffer | null | Promise<Buffer> => {
    const [piece] = rest
    if (piece === undefined || Buffer.isBuffer(piece)) return rest.shift() && piece ? piece : null
    const { start, end } = piece
    const wanted = Math.min(chunkBytes, end - start + 1)
    const buffer = Buffer.allocUnsafe(wanted)
    // Little is asked of the disk at once: a question to a thread takes longer than its answer.
    if (end - start < chunkBytes) return taken(piece, buffer, readSync(descriptor, buffer, 0, wanted, start))
    reading = readLater(descriptor, buffer, 0, wanted, start).then(({ bytesRead }) => taken(piece, buffer, bytesRead))
    return reading
  }
  const give = (stream: Readable): void => {
    const chunk = next()
    if (!(chunk instanceof Promise)) return void stream.push(chunk)
    chunk.then(
      (later) => stream.push(later),
      (error) => stream.destroy(error),
    )
  }
  return new Readable({
    highWaterMark: chunkBytes,
    read() {
      try {
        give(this)
      } catch (error) {
        this.destroy(error as Error)
      }
    },
    destroy(fault, closed) {
      const close = () => {
        closeSync(descriptor)
        closed(fault)
      }
      // Its number may be another file's as soon as it is closed.
      if (reading) void reading.then(close, close)
      else close()
    },
  })
}
