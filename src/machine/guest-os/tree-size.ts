import { lstat, readdir } from 'node:fs/promises'

/** The unit of `st_blocks`, whatever the file system has. */
const blockBytes = 512

/** Bytes that all files below a directory take on the disk, 0 when it is missing; files removed meanwhile are not counted. Names may be any bytes. */
export async function treeSize(path: string | Buffer): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    const at = Buffer.concat([Buffer.from(path), Buffer.from('/'), entry.name])
    bytes += entry.isDirectory() ? await treeSize(at) : await sizeOf(at)
  }
  return bytes
}

async function sizeOf(path: Buffer): Promise<number> {
  const found = await lstat(path).catch(() => undefined)
  return (found?.blocks ?? 0) * blockBytes
}
