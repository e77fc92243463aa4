import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'

/**
 * Opens a file or a directory of a guest to be read; undefined when it is missing. Rejects when it lies outside the guest: a guest may
 * make links, and must not read through us.
 */
export async function openInside(root: string, path: string): Promise<FileHandle | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(ignoreMissing)
  if (!handle) return undefined
  try {
    const opened = await readlink(`/proc/self/fd/${handle.fd}`)
    if (opened.startsWith(`${await realpath(root)}/`)) return handle
    throw new Error(`${path} is no file of this guest.`)
  } catch (error) {
    await handle.close()
    throw error
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
