import type { Instant } from '../../../kernel/instant.ts'
import type { Account } from '../../../service-model/diagnostics/account.ts'
import type { DirectorySource } from '../../../service-model/diagnostics/configuration.ts'
import type { Snapshot } from './counters.ts'
import type { Entity, Row } from './row.ts'
import type { BufferName, Segment } from './state.ts'

/** How far a file has been read: bytes that had been cut off its front, and the place after them. */
export interface Position {
  readonly cut: number
  readonly offset: number
}

/** Whole lines of a file that others append to. */
export interface ReadLines {
  readonly lines: readonly string[]
  readonly position: Position
  /** Bytes that were cut off before they were read. */
  readonly missed: number
  readonly more: boolean
}

/** How far each source of a buffer has been read, by its name; stored with the rows, so that neither is without the other. Undefined: forgotten. */
export type Marks = Readonly<Record<string, unknown>>

/** A buffer on the disk, which outlives this process. */
export interface RowBuffer {
  readonly segments: () => readonly Segment[]
  readonly marks: () => Marks
  /**
   * Adds rows and their read positions, at once. `limitBytes`: when a new segment is begun. Throws when the disk does not take them, and then has
   * added nothing.
   */
  readonly append: (rows: readonly Row[], marks: Marks, limitBytes: number, now: Instant) => void
  /** Some rows from that number on, in their order, with their numbers. */
  readonly read: (from: number) => readonly (readonly [number: number, row: Row])[]
  /** Removes the segments that begin with these rows. */
  readonly drop: (firsts: readonly number[]) => void
  /** Remembers that all rows before that number are transferred. */
  readonly setSent: (sent: number, at: Instant) => void
}

/** A file of a directory that is transferred. */
export interface FoundFile {
  readonly path: string
  readonly relativePath: string
  readonly sizeBytes: number
  readonly modifiedAt: Instant
}

/** The storage account. A failure throws a sentence. */
export interface Storage {
  readonly insert: (table: string, transactions: readonly (readonly Entity[])[]) => Promise<void>
  readonly upload: (container: string, blob: string, file: string) => Promise<void>
  /** The text of a blob; undefined when there is none. */
  readonly readText: (container: string, blob: string) => Promise<string | undefined>
  readonly writeText: (container: string, blob: string, text: string) => Promise<void>
}

/** The effects of the agent of Diagnostics. */
export interface DiagnosticsFacilities {
  readonly now: () => Instant
  readonly buffers: Readonly<Record<BufferName, RowBuffer>>
  readonly storage: (account: Account & { kind: 'account' }) => Promise<Storage>
  /** Lines of a log by its name in `guestLogs`, or of the agent's own. */
  readonly readLines: (log: string, after: Position | undefined) => ReadLines
  /** `ofWebServer`: with the web server's counts. */
  readonly snapshot: (ofWebServer: boolean) => Promise<Snapshot>
  /** Real directory of a source; undefined, with a sentence, when it is nowhere in this guest. */
  readonly directory: (source: DirectorySource) => { readonly path: string } | { readonly why: string }
  readonly files: (directory: string) => Promise<readonly FoundFile[]>
  readonly remove: (file: string) => Promise<void>
  /** A line of the agent's own log, which is the infrastructure's. */
  readonly log: (level: 'Error' | 'Warning' | 'Information', text: string) => void
  /** Writes problems where the guest agent finds them, and to the channel `Windows Azure`. */
  readonly tellTrouble: (trouble: string) => void
  /** The configuration of the package, and the result of reading another one. */
  readonly packagedConfiguration: string
  readonly configured: (source: string) => void
  readonly end: () => never
}
