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
