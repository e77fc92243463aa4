import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ownMark, removeLeftOver } from '../left-over.ts'

/**
 * Writes a file so that a reader finds the old text or the new, never a part. Mode 0600 unless set otherwise: most of these hold
 * a key. With `flush` it survives a crash of the machine too. Unfinished files of killed processes beside it are removed.
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

/**
 * The half of it that needs space: the text is written beside the file, and is `put` in its place, or dropped. Throws the system's error, and has
 * written nothing then.
 */
export function writeBeside(file: string, text: string, mode = 0o600, flush = true): { put(): void; drop(): void } {
  try {
    removeLeftOver(dirname(file), /\.([0-9a-f]+-\d+-\d+)\.new$/)
  } catch {
    // A user who may write here may not be allowed to list; a worse obstacle makes the write fail, with its error.
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
