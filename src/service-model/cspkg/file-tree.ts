import { pathKey } from './part-path.ts'
import { unsafeName } from './refusal.ts'

/**
 * The same paths, adapted to one directory of a case-sensitive system, in the same order (package-format.md 5.5). Directories that
 * differ only in case were one directory where the package was made, and take the spelling met first. Throws Refusal when two files
 * differ only in case, or when one name is a file and a directory.
 */
export function oneTree(paths: readonly string[]): readonly string[] {
  const directories = new Map<string, string>()
  const settled = paths.map((path) => {
    const cut = path.lastIndexOf('/')
    return cut < 0 ? path : `${directoryOf(path.slice(0, cut), directories)}/${path.slice(cut + 1)}`
  })
  const files = new Set<string>()
  for (const path of settled) {
    const key = pathKey(path)
    if (files.has(key)) throw unsafeName(path, 'stands there twice when case is ignored')
    if (directories.has(key)) throw unsafeName(path, 'is both a file and a directory')
    files.add(key)
  }
  return settled
}

function directoryOf(path: string, known: Map<string, string>): string {
  const key = pathKey(path)
  const met = known.get(key)
  if (met !== undefined) return met
  const cut = path.lastIndexOf('/')
  const spelling = cut < 0 ? path : `${directoryOf(path.slice(0, cut), known)}/${path.slice(cut + 1)}`
  known.set(key, spelling)
  return spelling
}
