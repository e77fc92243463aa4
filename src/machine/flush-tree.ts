import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What a directory contains outlives a power cut, with all below it: it may be moved to where it counts. Rejects with the system's error. */
export async function flushTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await flushTree(path)
    else if (entry.isFile()) await flush(path)
  }
  await flush(directory)
}

/** A file, or the names in a directory, outlive a power cut. Rejects with the system's error. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
