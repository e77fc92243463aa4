import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { adoptProcess, type ProcessIdentity, signalProcess } from '../process.ts'
import type { GuestPlace } from './driver.ts'

/** Pause between two rounds of killing: a process that is being born when its parent dies is found in the next. */
const roundMs = 10

/** Rounds after which something is wrong that more killing does not cure, such as a process in uninterruptible sleep. */
const roundLimit = 500

/**
 * Process numbers of a guest, zombies left out. As root they have the guest's uid, or will soon; their environment names the
 * instance and a path of this very guest, since the same instance may be on two hosts of one machine while it is moved. Read at
 * once: 150 processes take 15 ms of the processor, and 100 ms through Node's threads.
 */
export function processesOf(guest: GuestPlace): readonly number[] {
  const numbers = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return numbers.filter((pid) => belongs(guest, pid) && Number(pid) !== process.pid).map(Number)
}

/** Kills until none is left. Rejects when some cannot be killed. */
export async function killAll(guest: GuestPlace): Promise<void> {
  for (let round = 0; round < roundLimit; round += 1) {
    const left = processesOf(guest)
    if (left.length === 0) return
    for (const pid of left) kill(pid)
    await delay(roundMs)
  }
  throw new Error(`Processes ${processesOf(guest).join(', ')} of the guest ${guest.key} cannot be killed.`)
}

/** Kills the guest's processes of that name, and no others. */
export function killNamed(guest: GuestPlace, name: string): void {
  for (const pid of processesOf(guest)) if (nameOf(pid) === name) kill(pid)
}

/** Asks a process to end, and waits so long for it. */
export async function endGently(process: ProcessIdentity, graceMs: number): Promise<void> {
  const running = adoptProcess(process)
  if (!running) return
  signalProcess(process, 'SIGTERM')
  const patience = AbortSignal.timeout(graceMs)
  await Promise.race([running.exited, new Promise((resolve) => patience.addEventListener('abort', resolve))])
}

function belongs({ uid, key, containerId }: GuestPlace, pid: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    if (/^State:\s+[ZX]/m.test(status)) return false
    if (uid !== undefined && uidsOf(status).includes(uid)) return true
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
    return `\0${environment}`.includes(`\0RdRoleId=${key}\0`) && environment.includes(containerId)
  } catch {
    // It has ended meanwhile, or belongs to another user.
    return false
  }
}

/** '' for one that has ended meanwhile. */
function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return ''
  }
}

/** Real, effective, saved and file system uid. */
function uidsOf(status: string): readonly number[] {
  return (/^Uid:\s+(.*)$/m.exec(status)?.[1] ?? '').split(/\s+/).map(Number)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
