import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { cutOff } from '../bounded-output.ts'

/** How far a file has been read: bytes that had been cut off its front then, and the place after them. */
interface Position {
  readonly cut: number
  readonly offset: number
  /** The file was shorter than that. */
  readonly isShort?: boolean | undefined
}

interface ReadLines {
  readonly lines: readonly string[]
  readonly position: Position
  readonly missed: number
  readonly more: boolean
}

/** Bytes that are read at once. Origin: choice, the work of some hundredths of a second. */
const readBytes = 1024 * 1024

/** Whole lines that other processes have appended to a file since that position; lines cut off meanwhile are read from `.old` (bounded-output.ts). */
export function readNewLines(path: string, after: Position = { cut: 0, offset: 0 }): ReadLines {
  const { bytes: cut, old } = cutOff(path)
  const offset = after.offset - (cut - after.cut)
  if (offset < 0) return readOld(path, { cut, offset }, old)
  const { piece, size } = readPiece(path, offset)
  if (size < offset) {
    // Either just emptied, and the cut-off size is not written yet; or emptied by another program, and the file begins again.
    const position = after.isShort ? { cut, offset: 0 } : { cut, offset, isShort: true }
    return { lines: [], position, missed: 0, more: false }
  }
  const { lines, bytes } = wholeLines(piece)
  return { lines, position: { cut, offset: offset + bytes }, missed: 0, more: bytes > 0 && piece.length === readBytes }
}

/** `offset` counts from the end of the part that was cut off. */
function readOld(path: string, { cut, offset }: Position, number: number): ReadLines {
  const { size, number: found } = readPiece(`${path}.old`, 0)
  // Another one has just taken its place, and how much was cut off is still to be written.
  if (found !== number) return { lines: [], position: { cut, offset }, missed: 0, more: false }
  const missed = Math.max(0, -offset - size)
  const { piece, number: again } = readPiece(`${path}.old`, size + offset + missed)
  if (again !== number) return { lines: [], position: { cut, offset }, missed: 0, more: false }
  const isEnd = piece.length < readBytes
  // A line that the cut-off part does not end continues in the emptied file.
  const { lines, bytes } = wholeLines(isEnd && piece.at(-1) !== 10 ? joined(path, piece) : piece)
  return { lines, position: { cut, offset: offset + missed + bytes }, missed, more: bytes > 0 }
}

/** With the rest of its last line. */
function joined(path: string, piece: Buffer): Buffer {
  const { piece: next } = readPiece(path, 0)
  return Buffer.concat([piece, next.subarray(0, next.indexOf(10) + 1)])
}

/** Lines without their ends, empty ones left out. A line that is longer than one reading is taken in parts. */
function wholeLines(piece: Buffer): { readonly lines: readonly string[]; readonly bytes: number } {
  const end = piece.lastIndexOf(10) + 1
  const bytes = end === 0 && piece.length === readBytes ? piece.length : end
  const lines = piece.toString('utf8', 0, bytes).split(/\r?\n/)
  return { lines: lines.filter((line) => line !== ''), bytes }
}

interface Piece {
  readonly piece: Buffer
  /** Of the file. */
  readonly size: number
  /** Of its inode. */
  readonly number: number
}

const nothing: Piece = { piece: Buffer.alloc(0), size: 0, number: 0 }

/** A missing file counts as empty. Never waits for a writer, nor follows a link that the role has made. */
function readPiece(path: string, offset: number): Piece {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch {
    return nothing
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return nothing
    const piece = Buffer.alloc(Math.max(0, Math.min(readBytes, stat.size - offset)))
    return {
      piece: piece.subarray(0, readSync(file, piece, 0, piece.length, offset)),
      size: stat.size,
      number: stat.ino,
    }
  } finally {
    closeSync(file)
  }
}
