import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ownMark, removeLeftOver } from '../left-over.ts'

/**
 * Writes a file so that a reader finds the old text or the new, never a part. Mode 0600 unless told otherwise: most of these
 * hold a key. With `flush` it outlives a crash of the machine too. What killed processes have left half written beside it goes.
 */
export function writeWhole(file: string, text: string, mode = 0o600, flush = true): void {
  const written = writeBeside(file, text, mode, flush)
  try {
    written.put()
  } catch (error) {
    written.drop()
    throw error
  }
}

/** The half of it that needs room: the text stands beside the file, and is `put` in its place, or dropped. Throws the system's error, and has written nothing then. */
export function writeBeside(file: string, text: string, mode = 0o600, flush = true): { put(): void; drop(): void } {
  try {
    removeLeftOver(dirname(file), /\.([0-9a-f]+-\d+-\d+)\.new$/)
  } catch {
    // Who may write here need not be able to list; if there is more to it, writing fails and says it.
  }
  const fresh = `${file}.${ownMark()}.new`
  const drop = () => rmSync(fresh, { force: true })
  try {
    writeFileSync(fresh, text, { mode, flush })
  } catch (error) {
    drop()
    throw error
  }
  return { put: () => renameSync(fresh, file), drop }
}
