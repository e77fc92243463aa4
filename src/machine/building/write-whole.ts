import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a reader finds the old text or the new, never a part. Mode 0600 unless told otherwise: most of these
 * hold a key. With `flush` it outlives a crash of the machine too.
 */
export function writeWhole(file: string, text: string, mode = 0o600, flush = true): void {
  const fresh = `${file}.${process.pid}.new`
  try {
    writeFileSync(fresh, text, { mode, flush })
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
