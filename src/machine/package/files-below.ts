import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a directory holds, links followed. */
export interface Found {
  /** Sorted by path; `path` is relative with forward slashes. */
  readonly files: readonly { readonly path: string; readonly file: string; readonly modifiedMs: number }[]
  /** One sentence for each thing that a package cannot hold. */
  readonly warnings: readonly string[]
}

/**
 * All files below a directory. A link is packed as what it points to, because packages hold no links; one that leads
 * back to a directory around it, or nowhere, is left out with a warning, as are empty directories, sockets and the like.
 */
export async function filesBelow(directory: string): Promise<Found> {
  const files: { path: string; file: string; modifiedMs: number }[] = []
  const warnings: string[] = []
  const walk = async (current: string, prefix: string, around: readonly string[]): Promise<void> => {
    const inside = [...around, await realpath(current)]
    const names = await readdir(current)
    if (names.length === 0 && prefix !== '')
      warnings.push(`${current} is empty and was left out: packages hold files only.`)
    for (const name of names.toSorted()) {
      const file = join(current, name)
      const status = await stat(file).catch(() => undefined)
      if (status?.isFile()) files.push({ path: prefix + name, file, modifiedMs: status.mtimeMs })
      else if (!status?.isDirectory()) warnings.push(`${file} is no file and was left out.`)
      else if (inside.includes(await realpath(file)))
        warnings.push(`${file} leads back to ${await realpath(file)} and was left out.`)
      else await walk(file, `${prefix}${name}/`, inside)
    }
  }
  await walk(directory, '', [])
  return { files: files.toSorted(byPath), warnings }
}

/** Ordinal order, the same on every machine. */
export function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0
}
