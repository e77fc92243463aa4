import { statfsSync } from 'node:fs'
import { batchLimits } from '../../kernel/store.ts'
import { systemSentences } from './sentence.ts'

/** How often the disk is looked at, in milliseconds. Origin: choice. */
const lookEveryMs = 2_000

/**
 * Warns once when the disk of the directory has no room for a change of the fabric any more, and reports once when it has again; the returned
 * function ends that.
 */
export function watchDisk(directory: string, say: (line: string) => void): () => void {
  let isFull = false
  const look = () => {
    const full = freeBytes(directory) < batchLimits.bytes
    if (full !== isFull) say(full ? `${directory}: ${systemSentences.ENOSPC}` : `${directory}: There is room again.`)
    isFull = full
  }
  const timer = setInterval(look, lookEveryMs)
  return () => clearInterval(timer)
}

/** What this user may still write: root may also use the reserved blocks. */
function freeBytes(directory: string): number {
  const { bsize, bfree, bavail } = statfsSync(directory)
  return bsize * (process.getuid?.() === 0 ? bfree : bavail)
}
