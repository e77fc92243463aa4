import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Most files of a directory that are looked at: a role that writes more than that is to clear up itself. */
const mostFiles = 10_000

/** The files below a directory, none when it is not there; links are not followed. */
export async function filesIn(directory: string) {
  const found: {
    readonly path: string
    readonly relativePath: string
    readonly sizeBytes: number
    readonly modifiedAt: number
  }[] = []
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries.filter((one) => one.isFile()).slice(0, mostFiles)) {
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: -1, mtimeMs: 0 }))
    if (size < 0) continue
    found.push({ path, relativePath: relative(directory, path), sizeBytes: size, modifiedAt: Math.trunc(mtimeMs) })
  }
  return found
}
