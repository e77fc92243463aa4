import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { GuestDisk } from '../../../../guest/contract/guest-disk.ts'
import { removeAll } from '../../../remove-all.ts'
import type { GuestPlace } from '../../driver.ts'
import { runTool } from '../tool.ts'
import { disksDirectory } from './directory.ts'
import { makeDisks } from './make-disks.ts'
import { blockBytes, blocksFor } from './size.ts'

/**
 * Words for a command that runs with the disks of a guest, in mounts of its own: they end with the last process that sees them,
 * whichever process is killed, and no other process sees them. The guest's directory passes mounts on, so that `addDisks` can add
 * others.
 */
export async function withDisks(guest: GuestPlace, command: readonly string[]): Promise<readonly string[]> {
  const script = `mount --bind --make-shared -- "$1" "$1" || exit 1\n${makeDisks}\nexec "$@"`
  const words = await wordsOf(guest, guest.disks ?? [], 'start')
  return [...'unshare --mount --propagation private sh -c'.split(' '), script, 'sh', ...words, ...command]
}

/**
 * Gives a running guest its missing disks, and enlarges those that are too small; does nothing for one that was started without any. `first`: its
 * first process.
 */
export async function addDisks(guest: GuestPlace, first: number): Promise<void> {
  const starter = starterOf(first)
  if (starter === undefined) return
  // A command that ends the guest ends these too: they hold its mounts.
  const marks = ['env', `RdRoleId=${guest.key}`, `HOME=${join(guest.root, 'c')}`]
  const enter = ['-t', String(starter), '-m', ...marks, 'sh']
  const mounts = mountsOf(starter)
  const root = await realpath(guest.root)
  const { disks = [] } = guest
  const deviceOf = ({ path }: GuestDisk) => mounts.get(join(root, 'c', path))
  const lacking = disks.filter((disk) => deviceOf(disk) === undefined)
  if (lacking.length > 0)
    await runTool('nsenter', [...enter, '-s', '--', ...(await wordsOf(guest, lacking, 'run'))], makeDisks)
  for (const disk of disks) {
    const [file, bytes, device] = [fileOf(root, disk), blocksFor(disk.sizeMB) * blockBytes, deviceOf(disk)]
    if (device !== undefined && (await stat(file)).size < bytes)
      await runTool('nsenter', [...enter, '-c', enlarge, 'sh', file, String(bytes), device])
  }
}

/** Whether any of a guest's permanent directories is on a disk of its own. */
export function keepsOnDisks({ root, disks = [] }: GuestPlace): boolean {
  return disks.some((disk) => disk.isKept && existsSync(fileOf(root, disk)))
}

export function removeDisks({ root }: GuestPlace): Promise<void> {
  return removeAll(disksDirectory(root))
}

/** A kernel that lets nobody do so while it is mounted leaves it until the next start of the guest. */
const enlarge = 'truncate -s "$2" -- "$1" && losetup -c "$3" && resize2fs "$3" || true'

/** The words of `makeDisks`. */
async function wordsOf(
  guest: GuestPlace,
  disks: readonly GuestDisk[],
  when: 'start' | 'run',
): Promise<readonly string[]> {
  const root = await realpath(guest.root)
  await mkdir(disksDirectory(root), { recursive: true, mode: 0o700 })
  const each = disks.flatMap((disk) => [
    disk.path,
    fileOf(root, disk),
    blocksFor(disk.sizeMB),
    disk.isKept ? 'kept' : 'fresh',
  ])
  return [root, guest.uid, when, disks.length, ...each].map(String)
}

function fileOf(root: string, { path }: GuestDisk): string {
  return join(disksDirectory(root), `${basename(path)}.ext4`)
}

/**
 * The process that has started a guest and waits for its end, in the mounts from which those of the guest come; undefined when it has ended, or is in
 * our mounts.
 */
function starterOf(first: number): number | undefined {
  try {
    const starter = Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${first}/status`, 'utf8'))?.[1])
    const isStarter = readFileSync(`/proc/${starter}/comm`, 'utf8') === 'bwrap\n'
    return isStarter && mountsAre(starter) !== mountsAre('self') ? starter : undefined
  } catch {
    return undefined
  }
}

function mountsAre(process: number | 'self'): string {
  return readlinkSync(`/proc/${process}/ns/mnt`)
}

/** The mounts that a process sees: the device, by its place. */
function mountsOf(process: number): ReadonlyMap<string, string> {
  const plain = (word: string) =>
    word.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)))
  const lines = readFileSync(`/proc/${process}/mountinfo`, 'utf8').split('\n')
  return new Map(
    lines.map((line) => {
      const [before = '', after = ''] = line.split(' - ')
      return [plain(before.split(' ')[4] ?? ''), after.split(' ')[1] ?? '']
    }),
  )
}
