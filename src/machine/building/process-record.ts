import { globSync, linkSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive, type ProcessIdentity, type RunningProcess, signalProcess } from '../process.ts'
import type { Places } from './data-directory.ts'
import type { Member } from './member.ts'
import { writeWhole } from './write-whole.ts'

/** The record of a member's process after `up` has ended: enough to adopt it, or to see that it must be replaced. */
export interface ProcessRecord {
  readonly identity: ProcessIdentity
  /** Of program, arguments and options: another digest means that the process does not run what is wanted. */
  readonly digest: string
  readonly title: string
  readonly stopSignal: Member['stopSignal']
  /** Place in the building: higher ones are stopped first. */
  readonly place: number
}

export interface RecordedProcess {
  readonly name: string
  readonly record: ProcessRecord
}

const suffix = '.member.json'

export function saveProcessRecord(places: Pick<Places, 'run'>, name: string, record: ProcessRecord): void {
  writeWhole(recordFile(places, name), JSON.stringify(record))
}

/**
 * Records a process that has just been started. Of which there can be no record is killed, or the next start would put a second one beside it; resolves
 * when it is recorded, rejects with the system's error when it has ended.
 */
export async function recordStarted({ identity, exited }: RunningProcess, save: () => void): Promise<void> {
  try {
    save()
  } catch (error) {
    signalProcess(identity, 'SIGKILL')
    await exited
    throw error
  }
}

/**
 * Records a process under a name. The one before, if it still runs, gets a name of its own (`LoadBalancer-4711`): it may answer
 * its requests in flight for a while, and a command that ends everything must find it.
 */
export function succeedInRecord(file: string, record: ProcessRecord): void {
  const name = basename(file, suffix)
  const run = dirname(file)
  for (const kept of globSync(`${name}-*${suffix}`, { cwd: run }))
    if (!readLive(join(run, kept))) rmSync(join(run, kept))
  const before = readLive(file)
  if (before) {
    const kept = join(run, `${name}-${before.identity.pid}${suffix}`)
    rmSync(kept, { force: true })
    // A link, and no new name for the file: at no moment is it unknown.
    linkSync(file, kept)
  }
  writeWhole(file, JSON.stringify(record))
}

export function recordFile(places: Pick<Places, 'run'>, name: string): string {
  return join(places.run, `${name}${suffix}`)
}

/** The process of a member that still runs; undefined when it has ended or never was. */
export function recordedProcess(places: Pick<Places, 'run'>, name: string): RecordedProcess | undefined {
  const record = readLive(recordFile(places, name))
  return record && { name, record }
}

/** Every member, of this `up` or an earlier one, that still runs, and every run of a program. */
export function recordedProcesses(places: Pick<Places, 'run'>): readonly RecordedProcess[] {
  return globSync(`*${suffix}`, { cwd: places.run })
    .sort()
    .flatMap((file) => recordedProcess(places, basename(file, suffix)) ?? [])
}

function readLive(file: string): ProcessRecord | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const record = JSON.parse(text) as ProcessRecord
  return isAlive(record.identity) ? record : undefined
}
