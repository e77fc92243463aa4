import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HostGoal } from '../../host/contract/goal.ts'
import { writeWhole } from '../building/write-whole.ts'

/** What a host agent keeps over restarts: its goal, and one record a container, each file whole or not at all. */
export interface HostFiles<Record> {
  load(): { readonly goal?: HostGoal | undefined; readonly records: readonly Record[] }
  saveGoal(goal: HostGoal): void
  saveRecord(containerId: string, record: Record): void
  removeRecord(containerId: string): void
}

/** Throws when the directories cannot be made; `load` throws for a file that this agent cannot have written. */
export function openHostFiles<Record>(goalFile: string, recordsDirectory: string): HostFiles<Record> {
  mkdirSync(recordsDirectory, { recursive: true, mode: 0o700 })
  const path = (containerId: string) => join(recordsDirectory, `${containerId}.json`)
  return {
    load: () => ({
      goal: readJson(goalFile) as HostGoal | undefined,
      records: readdirSync(recordsDirectory)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => readJson(join(recordsDirectory, name)) as Record),
    }),
    saveGoal: (goal) => writeWhole(goalFile, JSON.stringify(goal)),
    saveRecord: (containerId, record) => writeWhole(path(containerId), JSON.stringify(record)),
    removeRecord: (containerId) => rmSync(path(containerId), { force: true }),
  }
}

/** Undefined when there is no such file. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const { message } = error as Error
    throw new Error(`${file} cannot be read: ${message}. Restore it, or remove the data directory of this host.`, {
      cause: error,
    })
  }
}
