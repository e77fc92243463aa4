import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'

/** A regular file that is open for reading, as it was when it was opened. */
export interface OpenFile {
  readonly descriptor: number
  readonly sizeBytes: number
  readonly modifiedNs: bigint
}

/** What a URL leads to; `nothing` also for devices, pipes, and links to places outside the root. */
export type Found =
  | ({ readonly kind: 'file' } & OpenFile)
  | { readonly kind: 'directory' }
  | { readonly kind: 'nothing' | 'denied'; readonly why: string }

/**
 * Opens a file below a root; the caller closes it. Throws when the system has no more descriptors, or the disk fails. Asked at once: each question
 * to a thread takes longer than its answer.
 */
export function openFile(path: string, root: string): Found {
  let descriptor: number
  try {
    // A pipe without a writer would block the open.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch (error) {
    return unopened(error)
  }
  try {
    const found = lookAt(descriptor, root)
    if (found.kind !== 'file') closeSync(descriptor)
    return found
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function lookAt(descriptor: number, root: string): Found {
  // Checked on the open file: the path may lead elsewhere by now.
  const opened = readlinkSync(`/proc/self/fd/${descriptor}`)
  const top = realpathSync.native(root)
  if (opened !== top && !opened.startsWith(top.endsWith(sep) ? top : top + sep))
    return { kind: 'nothing', why: 'a symbolic link leads out of the directory of the site' }
  const found = fstatSync(descriptor, { bigint: true })
  if (found.isDirectory()) return { kind: 'directory' }
  if (!found.isFile()) return { kind: 'nothing', why: 'it is neither a file nor a directory' }
  return { kind: 'file', descriptor, sizeBytes: Number(found.size), modifiedNs: found.mtimeNs }
}

function unopened(error: unknown): Found {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'denied', why: 'the account of the role may not read it' }
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO', 'ERR_INVALID_ARG_VALUE'].includes(code))
    return { kind: 'nothing', why: 'there is no such file' }
  throw error
}
