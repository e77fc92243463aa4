import { closeSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs'

/** Size at which a role's output starts again; what there was goes to `.old`. */
const limitBytes = 10 * 1024 * 1024

/** How often the size is looked at: a role that writes as fast as the disk takes it gets no further than this allows. */
const lookMs = 250

/**
 * Keeps a file that other processes append to within bounds. It is emptied in place, because the writers hold it open:
 * a role that floods its output neither fills the disk nor waits for a reader.
 */
export function boundOutput(path: string): void {
  setInterval(() => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size <= limitBytes) return
    writeFileSync(`${path}.old`, tailOf(path, size))
    truncateSync(path)
  }, lookMs).unref()
}

function tailOf(path: string, size: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const tail = Buffer.alloc(limitBytes)
    return tail.subarray(0, readSync(file, tail, 0, limitBytes, size - limitBytes))
  } finally {
    closeSync(file)
  }
}
