import { join } from 'node:path'

/** Where the disks of a guest stand as files, closed to its account. */
export function disksDirectory(root: string): string {
  return join(root, 'disks')
}
