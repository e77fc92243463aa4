import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { headText } from './head-text.ts'

/** Most bytes of a script that are read to find out what it is. */
const headBytes = 64 * 1024

/** A file or directory, found ignoring case. */
interface FoundFile {
  /** As a program in the working directory reaches it. */
  readonly path: string
  /** Its first bytes by `headText`; '' for a directory. */
  readonly head: () => string
}

/** Looks files up from a working directory; names below `root` are compared ignoring case (design.md 6). */
export function fileFinder(root: string, cwd: string): (path: string) => FoundFile | undefined {
  return (path) => {
    if (path === '') return undefined
    const wanted = resolve(cwd, path)
    const inside = relative(root, wanted)
    if (inside.startsWith('..') || isAbsolute(inside)) return undefined
    const found = ignoringCase(root, inside)
    if (found === undefined) return undefined
    const fromCwd = relative(cwd, found)
    const shown = isAbsolute(path) || fromCwd.startsWith('..') ? found : fromCwd
    // A name stays in its written form when it differs only in that form.
    return { path: resolve(cwd, path) === found ? path : shown, head: () => headOf(found) }
  }
}

/** The real path of a file or directory below `root` whose name is the same but for case; undefined when there is none. */
export function ignoringCase(root: string, path: string): string | undefined {
  let at = root
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    const name =
      namesIn(at).find((known) => known === part) ?? namesIn(at).find((known) => sameIgnoringCase(known, part))
    if (name === undefined) return undefined
    at = join(at, name)
  }
  return at
}

/** The same of a file alone: a package may have a directory where one is looked for. */
export function fileIgnoringCase(root: string, path: string): string | undefined {
  const found = ignoringCase(root, path)
  return found !== undefined && statSync(found).isFile() ? found : undefined
}

function sameIgnoringCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Names in a directory; none in one that is not there, or is a file. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function headOf(path: string): string {
  if (!statSync(path).isFile()) return ''
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    return headText(head.subarray(0, readSync(file, head, 0, headBytes, 0)))
  } finally {
    closeSync(file)
  }
}
