import { renameSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a reader finds the old text or the new, never a part. It does not wait for the disk: what a guest
 * writes for itself is of no use after a crash of the machine, in which the guest ends too.
 */
export function replaceFile(file: string, text: string, mode = 0o600): void {
  const fresh = `${file}.${process.pid}.new`
  writeFileSync(fresh, text, { mode })
  renameSync(fresh, file)
}
