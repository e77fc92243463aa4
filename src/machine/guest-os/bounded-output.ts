import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { replaceFile } from './replace-file.ts'

/** Size at which a role's output starts again; the old part is moved to `.old`. */
const limitBytes = 10 * 1024 * 1024

/** How often the size is looked at: a role that writes as fast as the disk takes it gets no further than this allows. */
const lookMs = 250

/**
 * Limits the size of a file that other processes append to. It is emptied in place, because the writers hold it open: a role that
 * floods its output does not fill the disk or wait for a reader. A follower finds the end of the removed part in `.old`, and in
 * `.cut` the number of bytes removed since the beginning.
 */
export function boundOutput(path: string): void {
  setInterval(() => {
    try {
      cutOutput(path)
    } catch {
      // Whoever looks after the role must not end for what the role writes: the next look tries again.
    }
  }, lookMs).unref()
}

/**
 * Moves the end of a file that is too large to `.old`, which never exceeds the limit either: bytes written meanwhile go there too, up to a
 * quarter of it. A faster writer is not waited for: its further bytes, until the emptying, are lost. Where the disk has no room for that it is emptied
 * all the same, which makes room, and nothing of it is kept.
 */
export function cutOutput(path: string, limit = limitBytes): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= limit) return
  try {
    moveEnd(path, size, limit)
  } catch {
    empty(path, size)
  }
}

/** A full disk loses what was written. */
function empty(path: string, size: number): void {
  rmSync(`${path}.new`, { force: true })
  truncateSync(path)
  replaceFile(`${path}.cut`, JSON.stringify({ bytes: cutOff(path).bytes + size, old: 0 } satisfies CutOff))
}

function moveEnd(path: string, size: number, limit: number): void {
  const meanwhile = Math.floor(limit / 4)
  const output = openSync(path, 'r+')
  const next = openSync(`${path}.new`, 'w')
  try {
    let at = Math.max(0, size - limit + meanwhile)
    const piece = Buffer.alloc(1024 * 1024)
    const copyUntil = (end: number) => {
      for (let read = -1; read !== 0 && at < end; at += read) {
        read = readSync(output, piece, 0, Math.min(piece.length, end - at), at)
        writeSync(next, piece, 0, read)
      }
    }
    copyUntil(size)
    renameSync(`${path}.new`, `${path}.old`)
    copyUntil(size + meanwhile)
    // At once: bytes written between the last look and this are lost.
    ftruncateSync(output)
    replaceFile(
      `${path}.cut`,
      JSON.stringify({ bytes: cutOff(path).bytes + at, old: fstatSync(next).ino } satisfies CutOff),
    )
  } finally {
    closeSync(next)
    closeSync(output)
  }
}

/** The part cut off the front of a bounded file: bytes, and the file `.old` that ends with them, by its number. */
export interface CutOff {
  readonly bytes: number
  readonly old: number
}

export function cutOff(path: string): CutOff {
  try {
    return JSON.parse(readFileSync(`${path}.cut`, 'utf8')) as CutOff
  } catch {
    return { bytes: 0, old: 0 }
  }
}
