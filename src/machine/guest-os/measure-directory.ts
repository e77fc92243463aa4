import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { treeSize } from './tree-size.ts'

/** Bytes that a directory holds, and that it still takes, where it is a file system of its own. It need not be there. */
export async function measureDirectory(path: string) {
  const [heldBytes, leftBytes] = await Promise.all([treeSize(path), leftIn(path).catch(() => undefined)])
  return { heldBytes, leftBytes }
}

async function leftIn(path: string): Promise<number | undefined> {
  const [own, above] = await Promise.all([stat(path), stat(dirname(path))])
  if (own.dev === above.dev) return undefined
  const { bavail, bsize, ffree } = await statfs(path)
  // A file system without free inodes takes nothing.
  return ffree === 0 ? 0 : bavail * bsize
}
