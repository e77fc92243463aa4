import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemWords } from '../../kernel/system-words.ts'

/**
 * Makes the data directory and those above it. Throws an Error with one sentence where it cannot be. One by one, since
 * Node's own way never ends where the system says of a directory that stands that it is not there, as below /proc.
 */
export function makeDirectory(path: string): void {
  try {
    makeBelow(path)
  } catch (error) {
    throw new Error(
      `The data directory ${path} cannot be made: ${reasonOf(error as NodeJS.ErrnoException)}. Choose another with --data.`,
      { cause: error },
    )
  }
}

function makeBelow(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (dirname(path) !== path) makeBelow(dirname(path))
  mkdirSync(path, { mode: 0o755 })
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const { code, path } = error
  if (code === 'EEXIST' || code === 'ENOTDIR') return `${path ?? 'what stands there'} is a file`
  if (code === 'EACCES' || code === 'EPERM') return `this user may not write to ${dirname(path ?? '')}`
  if (code === 'ENOENT') return `nothing can be made in ${dirname(path ?? '')}`
  if (code === 'EROFS') return `${dirname(path ?? '')} is on a file system that cannot be written`
  return systemWords(error)
}
