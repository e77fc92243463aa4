import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync } from 'node:fs'
import { chown, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAll } from '../remove-all.ts'
import type { GuestPlace } from './driver.ts'

/** Digits of the digest in the name: short, because the path of a socket has at most 107 bytes (role-runtime.md 2.2). */
const idDigits = 12

/** Makes the directory for a guest's sockets, for its account alone, and returns its path. An earlier one of the same guest is replaced. */
export async function makeRunDirectory(guest: GuestPlace): Promise<string> {
  const path = runDirectory(guest)
  await isOwn(guest, path)
  await removeAll(path)
  await makePrivate(guest, path)
  return path
}

/** Makes the directory again: it is removed when the guest stops, and /run is emptied at a reboot. */
export async function keepRunDirectory(guest: GuestPlace, path: string): Promise<void> {
  if (!(await isOwn(guest, path))) await makePrivate(guest, path)
}

/** Removes the directory, also one of which only an interrupted attempt to make the guest has known; one that is somebody else's stays. */
export async function removeRunDirectory(guest: GuestPlace): Promise<void> {
  const path = guest.run ?? runDirectory(guest)
  if (await isOwn(guest, path).catch(() => false)) await removeAll(path)
}

/** Where a guest of that container ID has its directory, when nobody has noted it: every such directory that is there and is this user's to remove. */
export function runDirectoriesOf(containerId: string): readonly string[] {
  const user = process.getuid?.()
  const bases = new Set([...basesOfRoot(), ...basesOfUser(), lastBase].filter((path) => path !== undefined))
  return [...bases].flatMap((directory) => {
    const path = join(directory, nameOf(containerId))
    const found = lstatSync(path, { throwIfNoEntry: false })
    return found?.isDirectory() && (user === 0 || found.uid === user) ? [path] : []
  })
}

/** Whether it exists. Rejects when another user was first, as in a directory that all may write to. */
async function isOwn({ key, uid }: GuestPlace, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (found && (!found.isDirectory() || ![process.getuid?.(), uid].includes(found.uid)))
    throw new Error(`${path}, where the sockets of ${key} are to stand, belongs to somebody else. Remove it.`)
  return found !== undefined
}

async function makePrivate({ uid }: GuestPlace, path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 })
  if (uid !== undefined) await chown(path, uid, uid)
}

function runDirectory(guest: GuestPlace): string {
  return join(base(guest), nameOf(guest.containerId))
}

/** Container IDs of one deployment begin alike, so a part of one would not do. */
function nameOf(containerId: string): string {
  return `reddog-${createHash('sha256').update(containerId).digest('hex').slice(0, idDigits)}`
}

/** A user's own run-time directory is closed to the uids of guests, so root's guests have theirs in /run. */
function base({ uid }: GuestPlace): string {
  const candidates = uid === undefined ? basesOfUser() : basesOfRoot()
  return candidates.find((path) => path !== undefined && writable(path)) ?? lastBase
}

const basesOfRoot = () => ['/run', tmpdir()]
const basesOfUser = () => [process.env['XDG_RUNTIME_DIR'], tmpdir()]
const lastBase = '/tmp'

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
