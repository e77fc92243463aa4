import { spawn } from 'node:child_process'
import { realpath, statfs } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { disksDirectory } from '../guest/namespace/disks/directory.ts'

/** A guest of the host, and what of its drives is its own. */
export interface Roomer {
  readonly containerId: string
  readonly root: string
  /** Directories in which so much is the guest's own. */
  readonly storage: readonly { readonly path: string; readonly sizeMB: number }[]
  readonly logsMB: number
  /** The unpacked package, which stands on each of two drives at most. */
  readonly software: string
}

/** How often the disk is looked at. Origin: choice. */
const lookEveryMs = 1_000

/** A disk is nearly full when so much or less is left to others than root: a twentieth, at most. Origin: choice. */
const reserveBytes = 1024 ** 3
const reserveShare = 1 / 20

/**
 * While the disk of the directory is nearly full, names the guest that exceeds its own space most, if any does: what it may use and what it uses, in
 * MB. Never ends.
 */
export function watchRoom(
  directory: string,
  guests: () => readonly Roomer[],
  tell: (containerId: string, heldMB: number, ownMB: number) => void,
): void {
  const look = async () => {
    if (await isNearlyFull(directory)) {
      const found = await Promise.all(guests().map(measured))
      const [most] = found.filter(({ heldMB, ownMB }) => heldMB > ownMB).sort((a, b) => excess(b) - excess(a))
      if (most) tell(most.containerId, most.heldMB, most.ownMB)
    }
  }
  // One look at a time: of many files it takes longer than the pause.
  const again = () => void look().then(wait, wait)
  const wait = () => void setTimeout(again, lookEveryMs).unref()
  wait()
}

async function isNearlyFull(directory: string): Promise<boolean> {
  const { bsize, bavail, blocks } = await statfs(directory)
  return bavail * bsize < Math.min(reserveBytes, blocks * bsize * reserveShare)
}

async function measured({ containerId, root, software, storage, logsMB }: Roomer) {
  const [heldMB, softwareMB, disksMB, ...own] = await Promise.all([
    megabytesOf(root),
    megabytesOf(software),
    // Content of disks is within its size: the kernel enforces it.
    megabytesOf(disksDirectory(root)),
    ...storage.map(async ({ path, sizeMB }) => Math.min(await megabytesOf(path, root), sizeMB)),
  ])
  return { containerId, heldMB, ownMB: own.reduce((sum, size) => sum + size, logsMB + 2 * softwareMB + disksMB) }
}

function excess({ heldMB, ownMB }: { readonly heldMB: number; readonly ownMB: number }): number {
  return heldMB - ownMB
}

/**
 * The size of a tree on its disk; 0 for one that a role has replaced by a link out of its guest. The program of the system also finds files below
 * paths longer than the kernel takes at once.
 */
async function megabytesOf(path: string, within = path): Promise<number> {
  const [real, above] = await Promise.all([path, within].map((one) => realpath(one).catch(() => '')))
  if (!real || !above || !`${real}/`.startsWith(`${above}/`)) return 0
  const measurer = spawn('du', ['-sx', '--block-size=1M', '--', real], { stdio: ['ignore', 'pipe', 'ignore'] })
  measurer.on('error', () => {})
  return Number.parseInt(await text(measurer.stdout), 10) || 0
}
