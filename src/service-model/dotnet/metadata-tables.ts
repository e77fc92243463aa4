import type { ByteReader } from './byte-reader.ts'
import { columnBytes, tableSchemas } from './metadata-schema.ts'

/** The tables of an assembly. */
export interface MetadataTables {
  /** Rows of a table; an index of .NET begins with 1. */
  readonly count: (table: number) => number
  /** The values of the columns of a row, counted from 1. */
  readonly row: (table: number, row: number) => readonly number[]
  readonly text: (index: number) => string
  /** Takes characters of a name that is put together from the most that are read; `text` takes its own by itself. Throws RangeError when they are used up. */
  readonly spend: (characters: number) => void
}

/** Bytes of a name at most: the format's own limit for names is 1023. */
const mostNameBytes = 1024

/** Rows of all tables at most: the largest library of .NET Framework has some 400,000. Origin: choice. */
const mostRows = 2_000_000

/**
 * Characters of all names together at most, each counted as often as it is asked for or stands in another: a small file can have many long ones,
 * since its rows may name the same text or the same type again and again. Origin: choice; Mono's own libraries have a million at most.
 */
const mostCharacters = 16 * 2 ** 20

const mostStreams = 16

/** Throws RangeError when the bytes are not metadata, or are cut off. */
export function readTables(metadata: ByteReader): MetadataTables {
  if (metadata.u32(0) !== 0x424a5342) throw new RangeError('It has no metadata of .NET.')
  const streams = streamsIn(metadata)
  const strings = streams.get('#Strings') ?? metadata.part(0, 0)
  const tables = streams.get('#~') ?? streams.get('#-')
  if (!tables) throw new RangeError('It has no tables of metadata.')
  const { rows, begin } = rowsIn(tables)
  const wide = (bit: number) => ((tables.u8(6) & bit) === 0 ? 2 : 4)
  const heaps = { string: wide(1), guid: wide(2), blob: wide(4) }
  const sizes = tableSchemas.map((columns) => (columns ?? []).map((column) => columnBytes(column, { rows, heaps })))
  const starts: number[] = []
  let at = begin
  for (const [number, columns] of sizes.entries()) {
    starts.push(at)
    at += (rows[number] ?? 0) * sum(columns)
  }
  let characters = 0
  const spend = (more: number) => {
    characters += more
    if (characters > mostCharacters) throw new RangeError('Its names are longer than those of any library.')
  }
  return {
    count: (table) => rows[table] ?? 0,
    row(table, row) {
      const columns = sizes[table] ?? []
      if (row < 1 || row > (rows[table] ?? 0)) throw new RangeError('A row of it points at none.')
      let place = (starts[table] ?? 0) + (row - 1) * sum(columns)
      return columns.map((bytes) => {
        const value = bytes === 2 ? tables.u16(place) : tables.u32(place)
        place += bytes
        return value
      })
    },
    text(index) {
      const text = strings.text(index, mostNameBytes)
      spend(text.length + 1)
      return text
    },
    spend,
  }
}

/** A name behind that of the namespace or the type around it, '' for none. */
export function nameIn(tables: MetadataTables, around: string, name: number): string {
  tables.spend(around.length)
  return around === '' ? tables.text(name) : `${around}.${tables.text(name)}`
}

const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0)

/** II.24.2.2. */
function streamsIn(metadata: ByteReader): ReadonlyMap<string, ByteReader> {
  const versionBytes = metadata.u32(12)
  const count = metadata.u16(16 + versionBytes + 2)
  if (count > mostStreams) throw new RangeError(`It has ${count} streams of metadata.`)
  const streams = new Map<string, ByteReader>()
  let at = 16 + versionBytes + 4
  for (let index = 0; index < count; index++) {
    const name = metadata.text(at + 8, 32)
    streams.set(name, metadata.part(metadata.u32(at), metadata.u32(at + 4)))
    at += 8 + 4 * Math.ceil((name.length + 1) / 4)
  }
  return streams
}

/** Rows of each table by its number, and where the first begins (II.24.2.6). */
function rowsIn(tables: ByteReader): { readonly rows: readonly number[]; readonly begin: number } {
  const rows: number[] = []
  let at = 24
  for (let number = 0; number < 64; number++) {
    const isThere = ((tables.u8(8 + (number >> 3)) >> (number & 7)) & 1) === 1
    rows.push(isThere ? tables.u32(at) : 0)
    if (isThere) at += 4
  }
  if (sum(rows) > mostRows) throw new RangeError('It has more rows of metadata than any library.')
  // A table of pointers, as `#-` may have, is before the first: those of edit and continue are not read.
  return { rows, begin: at }
}
