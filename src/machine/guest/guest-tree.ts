import { existsSync } from 'node:fs'
import { chmod, chown, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { drives as allDrives, type Drive } from '../../guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { writeWhole } from '../building/write-whole.ts'
import type { ProcessStart } from '../process.ts'
import { removeAll } from '../remove-all.ts'
import type { GuestPlace } from './driver.ts'
import { killNamed } from './guest-processes.ts'
import { keepRunDirectory, makeRunDirectory, removeRunDirectory } from './run-directory.ts'

/** Makes a guest's directories, and one for its sockets, whose path is returned. */
export async function makeTree(guest: GuestPlace): Promise<{ readonly run: string }> {
  await mkdir(dirname(guest.root), { recursive: true, mode: 0o755 })
  await mkdir(guest.root, { recursive: true })
  // The guest may enter its directory but not write to it: only the host sets its settings.
  await own(guest.root, 0, guest.uid, 0o750)
  for (const drive of allDrives) await makeDrive(guest, drive)
  return { run: await makeRunDirectory(guest) }
}

export async function emptyDrives(guest: GuestPlace, drives: readonly Drive[]): Promise<void> {
  for (const drive of drives) {
    await removeAll(join(guest.root, drive))
    await makeDrive(guest, drive)
  }
}

export async function removeTree(guest: GuestPlace): Promise<void> {
  await removeRunDirectory(guest)
  await removeAll(guest.root)
}

/** Writes the guest's settings and ends a first process that nobody knows; how the first process is to be started. */
export async function firstProcess(guest: GuestPlace, settings: GuestSettings): Promise<ProcessStart> {
  const file = join(settings.programs, 'WaAppAgent')
  if (!existsSync(file)) throw new Error(`The program ${file} is missing: build it with npm run build.`)
  await keepRunDirectory(guest, settings.run)
  // An agent that was killed between a start and its record left an unrecorded one; two would fight over the guest.
  killNamed(guest, 'WaAppAgent')
  const settingsFile = join(guest.root, 'guest.json')
  writeWhole(settingsFile, `${JSON.stringify(settings, null, 2)}\n`, 0o644, false)
  return {
    file,
    args: [settingsFile],
    title: 'WaAppAgent',
    cwd: guest.root,
    env: environmentOf(guest),
    output: join(guest.root, 'WaAppAgent.out'),
    uid: guest.uid,
    gid: guest.uid,
  }
}

async function makeDrive(guest: GuestPlace, drive: string): Promise<void> {
  const path = join(guest.root, drive)
  await mkdir(path, { recursive: true })
  await own(path, guest.uid, guest.uid, 0o750)
}

async function own(path: string, uid: number | undefined, gid: number | undefined, mode: number): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
  await chmod(path, mode)
}

/** The least that a program needs, the Node of this machine first; nothing of the host's own environment. */
function environmentOf({ key, root, uid }: GuestPlace): Readonly<Record<string, string>> {
  const user = uid === undefined ? (process.env['USER'] ?? 'reddog') : `w${uid}`
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(root, 'c'),
    USER: user,
    LOGNAME: user,
    LANG: 'C.UTF-8',
    RdRoleId: key,
    REDDOG_NODE: process.execPath,
  }
}
