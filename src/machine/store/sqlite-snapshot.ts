import { DatabaseSync } from 'node:sqlite'

/** All records of one moment, in key order, their values as they lie in the store: sealed (sealed-store.ts). */
export interface Snapshot {
  readonly schema: number
  readonly records: readonly (readonly [key: string, sealed: string])[]
}

/** Reads a store that a master may have open, without taking it over. Throws the system's or SQLite's error. */
export function readSqliteSnapshot(file: string): Snapshot {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    database.exec('BEGIN')
    const schema = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    const rows = database.prepare('SELECT key, value FROM record ORDER BY key').all()
    return {
      schema,
      records: rows.map((row) => [String(row['key']), String(JSON.parse(String(row['value'])))] as const),
    }
  } finally {
    database.close()
  }
}
