import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { MeasuredFile, PackFile } from './pack-content.ts'

/** Size and SHA-256 of a file that goes into a package. */
export async function measure<File extends Pick<PackFile, 'source'>>(
  file: File,
): Promise<File & Pick<MeasuredFile, 'sha256' | 'sizeBytes'>> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const chunks =
    typeof file.source === 'string' ? (createReadStream(file.source) as AsyncIterable<Buffer>) : [file.source]
  for await (const chunk of chunks) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { ...file, sha256: hash.digest('hex'), sizeBytes }
}
