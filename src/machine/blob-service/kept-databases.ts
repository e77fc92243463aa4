import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { writeWhole } from '../building/write-whole.ts'
import type { Journal } from './journal.ts'
import { type LokiAdapter, type LokiChange, type LokiDatabase, replay, type StoredDatabase } from './loki.ts'

/** Databases in memory whose changes are all stored on disk. */
export interface KeptDatabases {
  /** Begins to store changes. Called when the databases are loaded, before anything changes. */
  begin(): Promise<void>
  /** Resolves when all changes until now would survive a crash; undefined: they already would. Rejects when the disk takes nothing. */
  saved(): Promise<void> | undefined
  /** Writes everything into the databases' own files, so that an Azurite without a journal can read it all. */
  close(): Promise<void>
}

/** A change of one database: an entry of the journal. */
export interface Entry {
  readonly database: string
  readonly change: LokiChange
}

/** A longer journal is replaced by a snapshot. Origin: choice; some 10,000 changes, read in a tenth of a second at a start. */
const journalLimitBytes = 16 * 1024 * 1024

/**
 * Stores these databases: a snapshot of each in its own file, as before, and in the journal the changes since then, appended and
 * flushed together for all changes that have arrived meanwhile. `entries` are those that the journal had.
 */
export function keptDatabases(
  databases: readonly LokiDatabase[],
  journal: Journal,
  entries: readonly Entry[],
): KeptDatabases {
  let underWay: Promise<void> | undefined
  let queued: Promise<void> | undefined
  for (const database of databases) {
    database.autosaveDisable()
    database.configureOptions({ adapter: adapterOf(database), autosave: false })
  }

  function adapterOf({ filename }: LokiDatabase): LokiAdapter {
    const own = entries.filter(({ database }) => database === basename(filename)).map(({ change }) => change)
    return {
      loadDatabase(_, loaded) {
        try {
          loaded(replay(JSON.parse(readFileSync(filename, 'utf8')) as StoredDatabase, own))
        } catch (error) {
          loaded(error as Error)
        }
      },
      // Azurite saves when it has loaded: every change until then is in the journal.
      saveDatabase: (_name, _text, saved) => saved(),
    }
  }

  function changes(): readonly Entry[] {
    return databases.flatMap((database) =>
      database
        .generateChangesNotification()
        .map((change): Entry => ({ database: basename(database.filename), change })),
    )
  }

  function forgetChanges(): void {
    for (const database of databases) database.clearChanges()
  }

  async function save(): Promise<void> {
    const found = changes()
    forgetChanges()
    if (found.length > 0) await journal.append(found)
    if (journal.sizeBytes() > journalLimitBytes) await snapshot()
  }

  /** The journal is replayed over a newer snapshot if the crash comes between the two, which changes nothing. */
  async function snapshot(): Promise<void> {
    for (const database of databases) writeWhole(database.filename, database.serialize())
    forgetChanges()
    await journal.clear()
  }

  function saved(): Promise<void> | undefined {
    if (changes().length === 0) return underWay
    queued ??= (underWay ?? Promise.resolve()).then(() => {
      queued = undefined
      underWay = save().finally(() => {
        underWay = undefined
      })
      return underWay
    })
    return queued
  }

  return {
    saved,
    async begin() {
      for (const { collections } of databases)
        for (const collection of collections) {
          collection.setChangesApi(true)
          collection.ensureAllIndexes(true)
        }
      if (databases.some(({ filename }) => !existsSync(filename))) await snapshot()
    },
    async close() {
      await saved()
      await snapshot()
      await journal.close()
    },
  }
}
