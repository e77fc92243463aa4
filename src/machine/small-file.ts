import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * Up to this size a file is read and written at one go instead of in a stream, which costs ten times as much as the work on a
 * small file does. Our choice: memory that a packer and a reader have to spare.
 */
export const smallFileBytes = 1024 * 1024

/** Small files that are worked on before anything else gets its turn, a signal for example: some hundredths of a second. */
export const filesATurn = 128

/** The content of a small file, and its mode; undefined when it is larger. */
export function readSmallFile(path: string): { readonly bytes: Buffer; readonly mode: number } | undefined {
  const file = openSync(path, 'r')
  try {
    const { size, mode } = fstatSync(file)
    if (size > smallFileBytes) return undefined
    // One byte more shows that it has grown meanwhile.
    const bytes = Buffer.allocUnsafe(size + 1)
    const found = readSync(file, bytes, 0, size + 1, 0)
    return found > size ? undefined : { bytes: bytes.subarray(0, found), mode }
  } finally {
    closeSync(file)
  }
}
