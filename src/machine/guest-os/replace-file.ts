import { writeWhole } from '../building/write-whole.ts'

/**
 * Writes a file whole. It does not wait for the disk: what a guest writes for itself is of no use after a crash of the
 * machine, in which the guest ends too.
 */
export function replaceFile(file: string, text: string, mode?: number): void {
  writeWhole(file, text, mode, false)
}
