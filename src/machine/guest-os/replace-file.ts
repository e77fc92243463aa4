import { writeWhole } from '../building/write-whole.ts'

/**
 * Writes a file whole. It does not wait for the disk: after a crash of the machine, in which the guest ends too, a guest's own
 * files are of no use.
 */
export function replaceFile(file: string, text: string, mode?: number): void {
  writeWhole(file, text, mode, false)
}
