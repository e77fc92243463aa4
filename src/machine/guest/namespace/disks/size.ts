/** Bytes of a block of a disk's file system. Origin: choice, the page of most machines. */
export const blockBytes = 4096

/** MB of its journal. Origin: mke2fs, the least that it makes. */
export const journalMB = 4

/** MB of what stands at its beginning. Origin: measured. */
const beginningMB = 1

/** Its tables: an inode of 256 bytes for every 16 KiB; two bitmaps for every 128 MB, and a descriptor of 64 bytes, of which large ones have some sixteen copies. */
const tablesShare = 256 / 16_384 + (2 * blockBytes + 16 * 64) / (128 * 1024 * 1024)

/** Blocks that the kernel reserves in each for its own writes: a fiftieth, at most 4,096 blocks. Origin: ext4_calculate_resv_clusters. */
const keptShare = 1 / 50
const keptMB = (4096 * blockBytes) / 1024 ** 2

/** Less than half of a file system may be its journal. Origin: mke2fs. */
const leastMB = 2 * journalMB + 1

/** Blocks of a file system in which a user finds so many MB free, and no more than four beyond them. */
export function blocksFor(sizeMB: number): number {
  const least = sizeMB + journalMB + beginningMB
  const small = least / (1 - tablesShare - keptShare)
  const sum = small * keptShare < keptMB ? small : (least + keptMB) / (1 - tablesShare)
  return Math.ceil((Math.max(leastMB, sum) * 1024 ** 2) / blockBytes)
}
