import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { chown, lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GuestPlace } from './driver.ts'

/** Digits of the digest in the name: short, because the path of a socket has at most 107 bytes (role-runtime.md 2.2). */
const idDigits = 12

/** Makes the directory for a guest's sockets, for its account alone, and returns its path. An earlier one of the same guest is replaced. */
export async function makeRunDirectory(guest: GuestPlace): Promise<string> {
  const path = join(base(guest), `reddog-${digestOf(guest.containerId)}`)
  const found = await lstat(path).catch(() => undefined)
  // In a directory that all may write to, somebody else may have been first.
  if (found && (!found.isDirectory() || ![process.getuid?.(), guest.uid].includes(found.uid)))
    throw new Error(`${path}, where the sockets of ${guest.key} are to stand, belongs to somebody else. Remove it.`)
  await rm(path, { recursive: true, force: true })
  await makePrivate(guest, path)
  return path
}

/** Makes the directory again where the machine has lost it: what stands in /run goes with a reboot, and the guest does not. */
export async function keepRunDirectory(guest: GuestPlace, path: string): Promise<void> {
  if (!existsSync(path)) await makePrivate(guest, path)
}

async function makePrivate({ uid }: GuestPlace, path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 })
  if (uid !== undefined) await chown(path, uid, uid)
}

/** Container IDs of one deployment begin alike, so a part of one would not do. */
function digestOf(containerId: string): string {
  return createHash('sha256').update(containerId).digest('hex').slice(0, idDigits)
}

/** A user's own run-time directory is closed to the uids of guests, so root's guests have theirs in /run. */
function base({ uid }: GuestPlace): string {
  const candidates = uid === undefined ? [process.env['XDG_RUNTIME_DIR'], tmpdir()] : ['/run', tmpdir()]
  return candidates.find((path) => path !== undefined && writable(path)) ?? '/tmp'
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
