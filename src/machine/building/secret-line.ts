import { closeSync, openSync, readSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Most bytes of a file that are looked at for its first line. Origin: choice; a token has 137. */
const mostBytes = 4096

/** What messages call the file: `-` is standard input. */
export function secretPlace(file: string): string {
  return file === '-' ? 'standard input' : file
}

/**
 * The first line of a file, for what must not stand on a command line, which every account of the computer can read. `-` is standard input, of which no more
 * is waited for than that line; on a terminal it asks for `what`. Throws the system's error when the file cannot be read.
 */
export function secretLine(file: string, what: string): string {
  const fd = file === '-' ? 0 : openSync(file, 'r')
  if (isatty(fd)) process.stderr.write(`${what} (what is typed shows): `)
  const bytes = Buffer.alloc(mostBytes)
  let size = 0
  try {
    while (size < mostBytes && !bytes.subarray(0, size).includes('\n')) {
      const read = readSync(fd, bytes, size, mostBytes - size, null)
      if (read === 0) break
      size += read
    }
  } finally {
    if (fd !== 0) closeSync(fd)
  }
  const [line = ''] = bytes.toString('utf8', 0, size).split(/\r?\n/, 1)
  return line
}
