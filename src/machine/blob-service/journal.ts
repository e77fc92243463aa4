import { type FileHandle, open, readFile } from 'node:fs/promises'

/** The changes since the last snapshot, in a file that only grows: one JSON value a line. */
export interface Journal {
  /** Bytes in the file. */
  readonly sizeBytes: () => number
  /** Durable when it resolves. One call at a time. */
  append(entries: readonly unknown[]): Promise<void>
  /** Forgets everything: a snapshot holds it. */
  clear(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the journal in a file, which is made when it is missing, with all entries that were appended whole. The rest of an
 * unconfirmed entry after a crash is cut off.
 */
export async function openJournal(file: string): Promise<{ readonly journal: Journal; readonly entries: unknown[] }> {
  const handle = await open(file, 'a', 0o600)
  const text = await readFile(file)
  let size = text.lastIndexOf('\n') + 1
  await handle.truncate(size)
  await handle.sync()
  const lines = text.subarray(0, size).toString().split('\n').slice(0, -1)
  return { journal: journalOn(handle), entries: lines.map((line): unknown => JSON.parse(line)) }

  function journalOn(handle: FileHandle): Journal {
    return {
      sizeBytes: () => size,
      async append(entries) {
        const text = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
        await handle.appendFile(text)
        await handle.datasync()
        size += text.length
      },
      async clear() {
        await handle.truncate(0)
        await handle.sync()
        size = 0
      },
      close: () => handle.close(),
    }
  }
}
