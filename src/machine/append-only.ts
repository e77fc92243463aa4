import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Size at which a file becomes `<file>.1`, and how many such are kept: 1 GiB in all. Origin: choice; a page of the portal that is never closed has
 * some 250 MiB of questions a day.
 */
const kept = { fileBytes: 64 * 1024 * 1024, oldFiles: 15 } as const

/**
 * Opens a file of JSON lines that only grows, mode 0600. Each line is written whole before the call returns; throws when the disk does not take it.
 * A full file goes on as `<file>.1`, that as `<file>.2` and so on; the oldest is overwritten.
 */
export function openAppendOnly(
  file: string,
  { fileBytes, oldFiles }: { readonly fileBytes: number; readonly oldFiles: number } = kept,
): (entry: object) => void {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'a', 0o600)
  let size = fstatSync(descriptor).size

  function rotate(): void {
    // Tried again after as many bytes: a directory that takes no change must not be asked for every line.
    size = 0
    try {
      for (let age = oldFiles; age > 0; age -= 1) {
        const younger = age === 1 ? file : `${file}.${age - 1}`
        if (existsSync(younger)) renameSync(younger, `${file}.${age}`)
      }
      const next = openSync(file, 'a', 0o600)
      closeSync(descriptor)
      descriptor = next
    } catch {
      // Lines go on into the file that is open, whatever it is called now.
    }
  }

  return (entry) => {
    if (size >= fileBytes) rotate()
    size += writeSync(descriptor, `${JSON.stringify(entry)}\n`)
  }
}
