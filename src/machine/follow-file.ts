import { statSync } from 'node:fs'

/**
 * Calls when a file is another than it is now, or than when it was last looked at, every so many milliseconds, and does not keep the process alive; the
 * returned function ends that. Node's watchFile looks for the first time some turns after the call, and never tells of what has changed by then.
 */
export function followFile(path: string, everyMs: number, changed: () => void): () => void {
  let seen = stampOf(path)
  const timer = setInterval(() => {
    const now = stampOf(path)
    if (now === seen) return
    seen = now
    changed()
  }, everyMs).unref()
  return () => clearInterval(timer)
}

/** '' for a file that is not there, or may not be looked at. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return ''
  }
}
