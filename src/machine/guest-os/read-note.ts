import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Most of a note that is read. */
const longestNote = 1_000

/**
 * The text of a note that one process of a guest leaves for another, '' when there is none. If a role puts something else there, it is not waited for
 * or followed.
 */
export function readNote(path: string): string {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch {
    return ''
  }
  try {
    if (!fstatSync(file).isFile()) return ''
    const text = Buffer.alloc(longestNote)
    return text.toString('utf8', 0, readSync(file, text, 0, longestNote, 0))
  } finally {
    closeSync(file)
  }
}
