import { statSync } from 'node:fs'
import { inOneTurn } from './remembered.ts'

/** What stands at a path, asked of the disk once in a turn of the event loop; undefined when nothing does, or it cannot be looked at. */
export const lookAt = inOneTurn((path: string) => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
})

/** So long after a change another one may bear the same time. Origin: choice, some ticks of the kernel's clock. */
const tickMs = 50

let unsettled = 0

/**
 * What is another text when the file or directory at a path has changed, by a time that nobody can set; '' when it is not there, or cannot be looked
 * at. Just after a change it is another one each time.
 */
export function stampOf(path: string): string {
  const found = lookAt(path)
  if (!found) return ''
  const stamp = `${found.ino}:${found.ctimeNs}:${found.size}`
  if (Number(found.ctimeMs) < Date.now() - tickMs) return stamp
  unsettled += 1
  return `${stamp}:${unsettled}`
}
