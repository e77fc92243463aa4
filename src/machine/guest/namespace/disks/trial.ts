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

/** Asks why this machine has no disks for guests, if it has none. It is tried until it has: the obstacle, such as a full disk, may disappear. */
export function diskTrial(): () => Promise<string | undefined> {
  let tried: Promise<string | undefined> | undefined
  return () => {
    tried ??= tryDisk().then(
      () => undefined,
      ({ message }: Error) => {
        tried = undefined
        return message
      },
    )
    return tried
  }
}
