import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HostGoal } from '../../host/contract/goal.ts'
import { systemSentence } from '../building/sentence.ts'
import { writeBeside } from '../building/write-whole.ts'

/** What is to be saved at once. */
export interface HostChange<Record> {
  readonly goal?: HostGoal | undefined
  /** By container ID. */
  readonly records: ReadonlyMap<string, Record>
  readonly removed: readonly string[]
}

/** What a host agent stores over restarts: its goal, and one record a container, each file whole or not at all. */
export interface HostFiles<Record> {
  load(): { readonly goal?: HostGoal | undefined; readonly records: readonly Record[] }
  /** Answers why nothing of it is saved, in one sentence: no room, mostly. Throws when a part of it may be. */
  save(change: HostChange<Record>): string | undefined
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
    save({ goal, records, removed }) {
      const texts = [
        // The goal first: records follow from it.
        ...(goal ? [[goalFile, goal] as const] : []),
        ...[...records].map(([containerId, record]) => [path(containerId), record] as const),
      ]
      const written: ReturnType<typeof writeBeside>[] = []
      try {
        for (const [file, value] of texts) written.push(writeBeside(file, JSON.stringify(value)))
      } catch (error) {
        for (const one of written) one.drop()
        return systemSentence(error as NodeJS.ErrnoException)
      }
      for (const one of written) one.put()
      for (const containerId of removed) rmSync(path(containerId), { force: true })
      return undefined
    },
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
