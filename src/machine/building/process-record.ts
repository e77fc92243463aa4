import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isAlive, type ProcessIdentity } from '../process.ts'
import type { Places } from './data-directory.ts'
import type { Member } from './member.ts'
import { writeWhole } from './write-whole.ts'

/** What is known of a member's process after `up` has ended: enough to adopt it, or to see that it must be replaced. */
export interface ProcessRecord {
  readonly identity: ProcessIdentity
  /** Of program, words and options: another one means that the process runs what is no longer wanted. */
  readonly digest: string
  readonly title: string
  readonly stopSignal: Member['stopSignal']
  /** Place in the building: what stands higher is stopped first. */
  readonly place: number
}

export interface RecordedProcess {
  readonly name: string
  readonly record: ProcessRecord
}

const suffix = '.member.json'

export function saveProcessRecord(places: Places, name: string, record: ProcessRecord): void {
  saveRecordFile(recordFile(places, name), record)
}

export function saveRecordFile(file: string, record: ProcessRecord): void {
  writeWhole(file, JSON.stringify(record))
}

export function recordFile(places: Places, name: string): string {
  return join(places.run, `${name}${suffix}`)
}

/** The process of a member that still runs; undefined when it has ended or never was. */
export function recordedProcess(places: Places, name: string): RecordedProcess | undefined {
  let text: string
  try {
    text = readFileSync(recordFile(places, name), 'utf8')
  } catch {
    return undefined
  }
  const record = JSON.parse(text) as ProcessRecord
  return isAlive(record.identity) ? { name, record } : undefined
}

/** Every member, of this `up` or an earlier one, that still runs. */
export function recordedProcesses(places: Places): readonly RecordedProcess[] {
  return globSync(`*${suffix}`, { cwd: places.run })
    .sort()
    .flatMap((file) => recordedProcess(places, basename(file, suffix)) ?? [])
}
