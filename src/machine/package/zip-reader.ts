import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

/** What is read at once of a large entry. */
const pieceBytes = 256 * 1024

/** How much is read ahead: some fifty small entries, or five hundred lines of a table of contents. */
const aheadBytes = 64 * 1024

/**
 * The file of a ZIP, read ahead and at once: the library asks for a few bytes, two times for each entry of the table of contents
 * and once for its header, and a call of the system and a turn of the event loop for each cost more than all the rest.
 */
export class ZipReader extends RandomAccessReader {
  readonly size: number
  readonly #file: number
  /** Never written to again: pieces handed out stay as they are. */
  #ahead: Buffer = Buffer.alloc(0)
  #aheadAt = 0

  constructor(path: string) {
    super()
    this.#file = openSync(path, 'r')
    this.size = fstatSync(this.#file).size
  }

  /** Fewer bytes than asked for only at the end of the file. */
  bytes(position: number, length: number): Buffer {
    if (length > aheadBytes) return this.#read(position, length)
    const isAhead = position >= this.#aheadAt && position + length <= this.#aheadAt + this.#ahead.length
    if (!isAhead) {
      this.#ahead = this.#read(position, aheadBytes)
      this.#aheadAt = position
    }
    const at = position - this.#aheadAt
    return this.#ahead.subarray(at, at + length)
  }

  #read(position: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafeSlow(length)
    return buffer.subarray(0, readSync(this.#file, buffer, 0, length, position))
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    process.nextTick(callback, null, this.bytes(position, length).copy(buffer, offset))
  }

  override _readStreamForRange(start: number, end: number) {
    return Readable.from(this.#pieces(start, end), { objectMode: false })
  }

  *#pieces(start: number, end: number): Generator<Buffer> {
    for (let at = start; at < end; at += pieceBytes) yield this.bytes(at, Math.min(pieceBytes, end - at))
  }

  override close(callback: (error: Error | null) => void): void {
    closeSync(this.#file)
    setImmediate(callback, null)
  }
}
