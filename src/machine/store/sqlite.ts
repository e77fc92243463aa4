import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MasterStore, SchemaMark, StoreAnswer, Unstored, Write } from '../../kernel/store.ts'
import { storeSchema } from '../../kernel/version.ts'

/** From this schema on values are sealed. */
const firstSealed = 2

/** How long an opening or committing master waits for another process that is writing. */
const busyMs = 5_000

/** A newer master has opened the file. */
class Superseded extends Error {}

/**
 * Opens the store in a file, making it when there is none, and takes it over: another process that had it open cannot commit any
 * more. It answers a batch before `commit` returns. Throws one sentence when the file is of a newer version, of one before
 * records were sealed, or cannot be used.
 */
export function openSqliteStore(file: string, known = storeSchema): MasterStore & SchemaMark {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: busyMs })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return storeOf(database, file, takeOver(database, file, known))
  } catch (error) {
    database.close()
    throw refusalOf(error) ? new Error(`${file} cannot be opened: ${refusalOf(error)}`, { cause: error }) : error
  }
}

/** The epoch of the new master. */
function takeOver(database: DatabaseSync, file: string, known: number): number {
  return transaction(database, () => {
    const found = numberOf(database, 'PRAGMA user_version', 'user_version')
    if (found > known)
      throw new Error(
        `${file} was written by a newer Reddog (schema ${found}, this one knows ${known}). Start that version, or use another data directory.`,
      )
    if (found > 0 && found < firstSealed)
      throw new Error(
        `${file} was written by an early Reddog (schema ${found}, this one knows ${known}) and cannot be read any more. Begin anew: remove its data directory, or name another one with --data.`,
      )
    database.exec(`
      CREATE TABLE IF NOT EXISTS master (epoch INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      INSERT INTO master SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM master);
      UPDATE master SET epoch = epoch + 1;
      PRAGMA user_version = ${found || known}`)
    return epochIn(database)
  })
}

function storeOf(database: DatabaseSync, file: string, first: number): MasterStore & SchemaMark {
  let epoch = first
  const put = database.prepare(
    'INSERT INTO record VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const drop = database.prepare('DELETE FROM record WHERE key = ?')
  const write = ({ key, value }: Write) => (value === undefined ? drop.run(key) : put.run(key, JSON.stringify(value)))
  function assertMaster(): void {
    if (epochIn(database) !== epoch)
      throw new Superseded(`Another fabric controller has taken over ${file}: this one is no longer master.`)
  }
  const answerOf = (write: () => void): StoreAnswer => {
    try {
      transaction(database, () => {
        assertMaster()
        write()
      })
      return { outcome: 'stored' }
    } catch (error) {
      return { outcome: outcomeOf(error), reason: refusalOf(error) ?? (error as Error).message }
    }
  }
  return {
    schema: () => numberOf(database, 'PRAGMA user_version', 'user_version'),
    setSchema: (schema, answered) => answered(answerOf(() => database.exec(`PRAGMA user_version = ${schema}`))),
    epoch: () => epoch,
    raise(higher, answered) {
      const answer = answerOf(() => database.prepare('UPDATE master SET epoch = ?').run(higher))
      if (answer.outcome === 'stored') epoch = higher
      answered(answer)
    },
    *load() {
      for (const row of database.prepare('SELECT key, value FROM record ORDER BY key').iterate())
        yield [String(row['key']), JSON.parse(String(row['value']))] as const
    },
    commit(batch, answered) {
      answered(answerOf(() => batch.forEach(write)))
    },
    close: () => database.close(),
  }
}

function epochIn(database: DatabaseSync): number {
  return numberOf(database, 'SELECT epoch FROM master', 'epoch')
}

function numberOf(database: DatabaseSync, query: string, column: string): number {
  return Number(database.prepare(query).get()?.[column])
}

function transaction<Value>(database: DatabaseSync, body: () => Value): Value {
  database.exec('BEGIN IMMEDIATE')
  try {
    const value = body()
    database.exec('COMMIT')
    return value
  } catch (error) {
    // A full disk rolls back by itself; then there is nothing to roll back.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Result codes of SQLite after which nothing of a transaction is stored, and what they mean. */
const refusals: Readonly<Record<number, string>> = {
  /** SQLITE_BUSY */
  5: 'another process is writing to the store.',
  /** SQLITE_FULL */
  13: 'no space is left on the disk of the store. Free some.',
}

function refusalOf(error: unknown): string | undefined {
  return refusals[Number((error as { readonly errcode?: unknown }).errcode)]
}

function outcomeOf(error: unknown): Unstored['outcome'] {
  if (error instanceof Superseded) return 'superseded'
  return refusalOf(error) ? 'refused' : 'unknown'
}
