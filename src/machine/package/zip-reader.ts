import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

/** What is read at once of a large entry. */
const pieceBytes = 256 * 1024

/**
 * The file of a ZIP, read at once where the library asks for a few bytes: its table of contents has two such pieces an entry, and
 * a turn of the thread pool for each costs more than all the rest.
 */
export class ZipReader extends RandomAccessReader {
  readonly size: number
  readonly #file: number

  constructor(path: string) {
    super()
    this.#file = openSync(path, 'r')
    this.size = fstatSync(this.#file).size
  }

  /** Fewer bytes than asked for only at the end of the file. */
  bytes(position: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length)
    return buffer.subarray(0, readSync(this.#file, buffer, 0, length, position))
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const found = readSync(this.#file, buffer, offset, length, position)
    setImmediate(callback, null, found)
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
