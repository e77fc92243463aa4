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
    const { exact, ignoringCase: others } = listingOf(at)
    const name = exact.has(part) ? part : others.get(part.toLowerCase())
    if (name === undefined) return undefined
    at = join(at, name)
  }
  return at
}

/** Directories whose names are remembered at most; then all are read anew. */
const mostRemembered = 10_000

/** Names in a directory. */
interface Listing {
  readonly names: readonly string[]
  readonly exact: ReadonlySet<string>
  /** By name in lower case: the first of those that differ in case only. */
  readonly ignoringCase: ReadonlyMap<string, string>
}

const known = new Map<string, { readonly stamp: string; readonly listing: Listing }>()

/** None where it is no directory; read again when it has changed, by a time that nobody can set. */
export function namesIn(directory: string): readonly string[] {
  return listingOf(directory).names
}

function listingOf(directory: string): Listing {
  const stamp = stampOf(directory)
  const before = known.get(directory)
  if (before?.stamp === stamp) return before.listing
  try {
    const listing = listingWith(readdirSync(directory))
    if (known.size >= mostRemembered) known.clear()
    known.set(directory, { stamp, listing })
    return listing
  } catch {
    return listingWith([])
  }
}

function listingWith(names: readonly string[]): Listing {
  const byLowerCase = names.map((name) => [name.toLowerCase(), name] as const)
  return { names, exact: new Set(names), ignoringCase: new Map(byLowerCase.toReversed()) }
}
