import { constants, type Stats } from 'node:fs'
import { chmod, lstat, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attributes, FileEntry } from 'ssh2'

/** The attributes of a file for a client. */
export function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1_000), mtime: Math.floor(mtimeMs / 1_000) }
}

/** Changes mode, length and times, as far as they are named; the owner is always the account itself. */
export async function change(path: string, { mode, size, atime, mtime }: Partial<Attributes>): Promise<void> {
  if (size !== undefined) await truncate(path, size)
  if (mode !== undefined) await chmod(path, mode & 0o7777)
  if (atime !== undefined && mtime !== undefined) await utimes(path, atime, mtime)
}

/** A name of a directory, with the line that a client shows for `ls -l`. */
export async function entryOf(directory: string, filename: string): Promise<FileEntry> {
  const found = await lstat(join(directory, filename)).catch(() => undefined)
  if (!found) return { filename, longname: filename, attrs: {} as Attributes }
  const attrs = attributesOf(found)
  const bits = Array.from('rwxrwxrwx', (sign, index) => (attrs.mode & (1 << (8 - index)) ? sign : '-')).join('')
  const line = [
    `${kinds.get(attrs.mode & constants.S_IFMT) ?? '?'}${bits}`,
    found.nlink,
    attrs.uid,
    attrs.gid,
    attrs.size,
  ]
  return { filename, longname: `${line.join(' ')} ${found.mtime.toISOString()} ${filename}`, attrs }
}

const kinds: ReadonlyMap<number, string> = new Map([
  [constants.S_IFREG, '-'],
  [constants.S_IFDIR, 'd'],
  [constants.S_IFLNK, 'l'],
])
