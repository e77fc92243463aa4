import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a directory, 0 when it is not there; what goes away meanwhile is not counted. */
export async function treeSize(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    const at = join(path, entry.name)
    bytes += entry.isDirectory()
      ? await treeSize(at)
      : await lstat(at).then(
          ({ size }) => size,
          () => 0,
        )
  }
  return bytes
}
