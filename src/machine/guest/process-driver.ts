import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { drives as allDrives } from '../../guest/contract/guest-paths.ts'
import { adoptProcess, type ProcessIdentity, type RunningProcess, signalProcess, startProcess } from '../process.ts'
import type { GuestDriver, GuestPlace, GuestUsage } from './driver.ts'
import { killAll, killNamed, processesOf } from './guest-processes.ts'
import { keepRunDirectory, makeRunDirectory } from './run-directory.ts'

/**
 * A guest is a process group, directories, an address and, as root, a uid of its own. It keeps honest neighbours apart and
 * is no security boundary (design.md 8).
 */
export const processDriver: GuestDriver = {
  async create(guest) {
    await mkdir(dirname(guest.root), { recursive: true, mode: 0o755 })
    await mkdir(guest.root, { recursive: true })
    // The guest may enter its directory and not write to it: its settings are the host's word.
    await own(guest.root, 0, guest.uid, 0o750)
    for (const drive of allDrives) await makeDrive(guest, drive)
    return { run: await makeRunDirectory(guest) }
  },

  async rebuild(guest, drives) {
    for (const drive of drives) {
      await rm(join(guest.root, drive), { recursive: true, force: true })
      await makeDrive(guest, drive)
    }
  },

  async start(guest, settings) {
    const file = join(settings.programs, 'WaAppAgent')
    if (!existsSync(file)) throw new Error(`The program ${file} is missing: build it with npm run build.`)
    await keepRunDirectory(guest, settings.run)
    // An agent that was killed between a start and its record left one that nobody knows; two would fight over the guest.
    await killNamed(guest, 'WaAppAgent')
    const settingsFile = join(guest.root, 'guest.json')
    await writeFile(settingsFile, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o644 })
    return startProcess({
      file,
      args: [settingsFile],
      title: 'WaAppAgent',
      cwd: guest.root,
      env: environmentOf(guest),
      output: join(guest.root, 'WaAppAgent.out'),
      uid: guest.uid,
      gid: guest.uid,
    })
  },

  adopt: adoptProcess,

  async stop(guest, process, graceMs) {
    if (process && graceMs > 0) await endGently(process, graceMs)
    if (process) signalProcess(process, 'SIGKILL', true)
    await killAll(guest)
    // It stands outside of the data directory, and nobody would look for it there.
    if (guest.run !== undefined) await rm(guest.run, { recursive: true, force: true })
  },

  async remove(guest) {
    if (guest.run !== undefined) await rm(guest.run, { recursive: true, force: true })
    await rm(guest.root, { recursive: true, force: true })
  },

  async usage(guest) {
    const numbers = await processesOf(guest)
    const shares = await Promise.all(numbers.map(memoryOf))
    return {
      processes: numbers.length,
      memoryBytes: shares.reduce((sum, share) => sum + share, 0),
    } satisfies GuestUsage
  },
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

async function endGently(process: ProcessIdentity, graceMs: number): Promise<void> {
  const running: RunningProcess | undefined = adoptProcess(process)
  if (!running) return
  signalProcess(process, 'SIGTERM')
  const patience = AbortSignal.timeout(graceMs)
  await Promise.race([running.exited, new Promise((resolve) => patience.addEventListener('abort', resolve))])
}

async function memoryOf(pid: number): Promise<number> {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}
