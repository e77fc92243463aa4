/** Reads little-endian numbers and texts of a file that a stranger wrote: reading outside of it throws RangeError. */
export interface ByteReader {
  readonly length: number
  readonly u8: (at: number) => number
  readonly u16: (at: number) => number
  readonly u32: (at: number) => number
  /** UTF-8 up to a zero byte, of so many bytes at most. */
  readonly text: (at: number, mostBytes: number) => string
  readonly part: (at: number, length: number) => ByteReader
}

const utf8 = new TextDecoder()

export function byteReader(file: Uint8Array): ByteReader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const bytes = (at: number, length: number) => {
    if (at < 0 || length < 0 || at + length > file.length) throw new RangeError('It ends in the middle.')
    return file.subarray(at, at + length)
  }
  return {
    length: file.length,
    u8: (at) => view.getUint8(at),
    u16: (at) => view.getUint16(at, true),
    u32: (at) => view.getUint32(at, true),
    text(at, mostBytes) {
      const from = bytes(at, Math.min(mostBytes, file.length - at))
      const end = from.indexOf(0)
      return utf8.decode(end < 0 ? from : from.subarray(0, end))
    },
    part: (at, length) => byteReader(bytes(at, length)),
  }
}
