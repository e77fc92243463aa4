import { runTool } from '../tool.ts'

/** A disk of one megabyte, made and mounted as a guest's is. */
const script = `at=$(mktemp -d)
trap 'rm -rf -- "$at"' EXIT
mkdir "$at/disk"
mkfs.ext4 -q -F "$at/file" 1M
mount -t ext4 -o loop "$at/file" "$at/disk"
umount "$at/disk"`

/** Rejects with one sentence when this machine gives root no file systems in files. */
export function tryDisk(): Promise<string> {
  return runTool('unshare', ['--mount', '--propagation', 'private', 'sh', '-es'], script)
}
