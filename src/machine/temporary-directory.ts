import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownMark, removeLeftOver } from './left-over.ts'

/** A directory of this process alone, removed when it is disposed of or the process ends. */
export interface TemporaryDirectory extends Disposable {
  readonly path: string
}

/**
 * Makes a directory in this one, mode 0700. Its name identifies its process: directories left there by killed processes of this
 * user are removed. Throws the system's error.
 */
export function temporaryDirectory(within: string): TemporaryDirectory {
  removeTemporary(within)
  const path = mkdtempSync(join(within, `.reddog-${ownMark()}-`))
  const remove = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}

/** Removes what killed processes of this user have left in this one. Throws the system's error. */
export function removeTemporary(within: string): void {
  removeLeftOver(within, /^\.reddog-([0-9a-f]+-\d+-\d+)-/)
}
