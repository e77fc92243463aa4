import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readSmallFile } from '../small-file.ts'
import type { MeasuredFile, PackFile } from './pack-content.ts'

/** Size and SHA-256 of a file that goes into a package. */
export async function measure<File extends Pick<PackFile, 'source'>>(
  file: File,
): Promise<File & Pick<MeasuredFile, 'sha256' | 'sizeBytes'>> {
  const { source } = file
  const content = typeof source === 'string' ? readSmallFile(source)?.bytes : source
  if (content) return { ...file, sha256: hash('sha256', content, 'hex'), sizeBytes: content.length }
  return { ...file, ...(await measureLarge(source as string)) }
}

async function measureLarge(path: string): Promise<Pick<MeasuredFile, 'sha256' | 'sizeBytes'>> {
  const sum = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sum.update(chunk)
    sizeBytes += chunk.length
  }
  return { sha256: sum.digest('hex'), sizeBytes }
}
