/** The part that we use of the databases in memory (LokiJS) in which Azurite stores its knowledge of blobs and extents. */
export interface LokiDatabase {
  readonly filename: string
  readonly collections: readonly LokiCollection[]
  configureOptions(options: { readonly adapter: LokiAdapter; readonly autosave: false }): void
  autosaveDisable(): void
  generateChangesNotification(): readonly LokiChange[]
  clearChanges(): void
  serialize(): string
}

export interface LokiCollection {
  readonly name: string
  setChangesApi(enabled: boolean): void
  ensureAllIndexes(force: boolean): void
}

/** Where a database is loaded from and stored. */
export interface LokiAdapter {
  loadDatabase(name: string, loaded: (stored: StoredDatabase | null | Error) => void): void
  saveDatabase(name: string, text: string, saved: (error?: Error) => void): void
}

/** One change of a document: inserted, updated, removed. */
export interface LokiChange {
  /** Of the collection. */
  readonly name: string
  readonly operation: 'I' | 'U' | 'R'
  readonly obj: StoredDocument
}

export interface StoredDocument {
  readonly $loki: number
}

/** A database as it stands in a file. */
export interface StoredDatabase {
  readonly collections: readonly StoredCollection[]
}

interface StoredCollection {
  readonly name: string
  data: readonly StoredDocument[]
  maxId: number
  changes: readonly LokiChange[]
}

/** The database after these changes. Those that it has already change nothing: the last one of each document decides. */
export function replay(stored: StoredDatabase, changes: readonly LokiChange[]): StoredDatabase {
  for (const collection of stored.collections) {
    const documents = new Map(collection.data.map((one) => [one.$loki, one]))
    for (const { name, operation, obj } of changes) {
      if (name !== collection.name) continue
      if (operation === 'R') documents.delete(obj.$loki)
      else documents.set(obj.$loki, obj)
      collection.maxId = Math.max(collection.maxId, obj.$loki)
    }
    collection.data = [...documents.values()].sort((one, other) => one.$loki - other.$loki)
    collection.changes = []
  }
  return stored
}
