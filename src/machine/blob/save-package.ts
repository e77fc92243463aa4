import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { fine, type Result, refused } from '../../kernel/fault.ts'

/** Largest package that is read (B-2). */
const packageLimitBytes = 600 * 1024 * 1024

/**
 * Writes the bytes of a package to a new file, and to the disk. A fault when they are too many, `named` as people know it; throws what reading or
 * writing throws. `came` is told how many have come.
 */
export async function savePackage(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  named: string,
  came: (bytes: number) => void,
): Promise<Result<{ readonly bytes: number; readonly sha256: string }>> {
  const target = await open(file, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of bytes) {
      size += chunk.length
      came(chunk.length)
      if (size > packageLimitBytes)
        return refused(
          'BadRequest',
          `The package ${named} has more than ${packageLimitBytes / 2 ** 20} MB, which is the largest that is taken. Make it smaller.`,
        )
      hash.update(chunk)
      await target.write(chunk)
    }
    await target.sync()
    return fine({ bytes: size, sha256: hash.digest('hex') })
  } finally {
    await target.close()
  }
}
