import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { stampOf } from './look-at.ts'

/** Longest name of a file: no file system here has longer ones. */
const longestName = 255

/** The real path of a file or directory below `root`, its names compared ignoring case where the exact one is not there (I-44); undefined when there is none. */
export function ignoringCase(root: string, path: string): string | undefined {
  let at = root
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    if (part.length > longestName) return undefined
    const wanted = part.toLowerCase()
    const names = namesIn(at)
    const name = names.find((one) => one === part) ?? names.find((one) => one.toLowerCase() === wanted)
    if (name === undefined) return undefined
    at = join(at, name)
  }
  return at
}

/** Directories whose names are remembered at most; then all are read anew. */
const mostRemembered = 10_000

const known = new Map<string, { readonly stamp: string; readonly names: readonly string[] }>()

/** Names in a directory, none where it is none; read again when it has changed, by a time that nobody can set. */
export function namesIn(directory: string): readonly string[] {
  const stamp = stampOf(directory)
  const before = known.get(directory)
  if (before?.stamp === stamp) return before.names
  try {
    const names = readdirSync(directory)
    if (known.size >= mostRemembered) known.clear()
    known.set(directory, { stamp, names })
    return names
  } catch {
    return []
  }
}
