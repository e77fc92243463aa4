import { statSync } from 'node:fs'
import { inOneTurn } from './remembered.ts'

/** What is at a path, looked up on the disk once in a turn of the event loop; undefined when nothing is there, or it cannot be read. */
export const lookAt = inOneTurn((path: string) => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
})

/** For this time after a change, another one may have the same time stamp. Origin: choice, some ticks of the kernel's clock. */
const tickMs = 50

let unsettled = 0

/**
 * A text that differs when the file or directory at a path has changed, from a time stamp that no program can set; '' when it is missing or cannot
 * be read. Just after a change it differs each time.
 */
export function stampOf(path: string): string {
  const found = lookAt(path)
  if (!found) return ''
  const stamp = `${found.ino}:${found.ctimeNs}:${found.size}`
  if (Number(found.ctimeMs) < Date.now() - tickMs) return stamp
  unsettled += 1
  return `${stamp}:${unsettled}`
}
