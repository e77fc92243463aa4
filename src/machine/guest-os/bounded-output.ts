import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { replaceFile } from './replace-file.ts'

/** Size at which a role's output starts again; what there was goes to `.old`. */
const limitBytes = 10 * 1024 * 1024

/** How often the size is looked at: a role that writes as fast as the disk takes it gets no further than this allows. */
const lookMs = 250

/**
 * Keeps a file that other processes append to within bounds. It is emptied in place, because the writers hold it open:
 * a role that floods its output neither fills the disk nor waits for a reader. Whoever follows the file finds the end of what
 * was cut off in `.old`, and in `.cut` how many bytes that have been since the beginning.
 */
export function boundOutput(path: string): void {
  setInterval(() => cutOutput(path), lookMs).unref()
}

/**
 * Moves the end of a file that is too large to `.old`, which is never larger than the limit either: what is written meanwhile goes there too,
 * as much as a quarter of it. Nobody waits for a writer that is faster; what it writes beyond that, until the emptying, is lost.
 */
export function cutOutput(path: string, limit = limitBytes): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= limit) return
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
    // At once: what is written between the last look and this is lost.
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

/** What has been cut off the front of a bounded file: bytes, and the file `.old` that ends with them, by its number. */
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
