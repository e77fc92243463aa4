import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { filesATurn } from '../small-file.ts'

/** The content of a directory, links followed. */
export interface Found {
  /** Sorted by path; `path` is relative with forward slashes. */
  readonly files: readonly FoundFile[]
  /** One sentence for each thing that a package cannot hold. */
  readonly warnings: readonly string[]
}

export interface FoundFile {
  readonly path: string
  readonly file: string
  readonly modifiedMs: number
  /** Its owner may execute it: the one right that a package carries (package-format.md 6). */
  readonly isProgram: boolean
}

const ownerExecutes = 0o100
const setIds = 0o6000

/**
 * All files below a directory. A link is packed as its target, because packages hold no links, and is reported. A link to a
 * directory around it, or to nothing, is left out with a warning, like empty directories, sockets and so on.
 */
export async function filesBelow(directory: string): Promise<Found> {
  const files: FoundFile[] = []
  const warnings: string[] = []
  const links: string[] = []
  const walk = async (current: string, prefix: string, around: readonly string[]): Promise<void> => {
    const inside = [...around, realpathSync(current)]
    const names = readdirSync(current)
    if (names.length === 0 && prefix !== '')
      warnings.push(`${current} is empty and was left out: packages hold files only.`)
    for (const name of names.toSorted()) {
      const file = join(current, name)
      const own = lstatSync(file, { throwIfNoEntry: false })
      const status = own?.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : own
      if (status?.isFile() || status?.isDirectory()) if (own?.isSymbolicLink()) links.push(file)
      if (status?.isFile()) {
        if ((status.mode & setIds) !== 0)
          warnings.push(`${file} runs as its owner or group here; in a package it is a program like any other.`)
        const isProgram = (status.mode & ownerExecutes) !== 0
        files.push({ path: prefix + name, file, modifiedMs: status.mtimeMs, isProgram })
        if (files.length % filesATurn === 0) await nextTurn()
      } else if (!status?.isDirectory()) warnings.push(`${file} is ${kindOf(file, own, status)} and was left out.`)
      else if (inside.includes(realpathSync(file)))
        warnings.push(`${file} leads back to ${realpathSync(file)} and was left out.`)
      else await walk(file, `${prefix}${name}/`, inside)
    }
  }
  await walk(directory, '', [])
  if (links.length > 0) warnings.push(linksFollowed(directory, links))
  return { files: files.toSorted(byPath), warnings }
}

/** What a package cannot hold, by its name. */
function kindOf(file: string, own: Stats | undefined, status: Stats | undefined): string {
  if (own?.isSymbolicLink() && !status) return `a link to ${readlinkSync(file)}, where there is nothing,`
  if (status?.isSocket()) return 'a socket, no file,'
  if (status?.isFIFO()) return 'a named pipe, no file,'
  if (status?.isBlockDevice() || status?.isCharacterDevice()) return 'a device, no file,'
  return 'no file that can be read'
}

function linksFollowed(directory: string, [first = '', ...others]: readonly string[]): string {
  const what =
    others.length === 0
      ? `The link ${first} was packed as what it points to`
      : `${others.length + 1} links in ${directory} were packed as what they point to (the first: ${first})`
  return `${what}, because packages hold no links.`
}

/** Ordinal order, the same on every machine. */
export function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0
}
