/** Assemblies that no compiler makes: rows of metadata as a stranger may write them. */
import { columnBytes, tableSchemas } from '../../../src/service-model/dotnet/metadata-schema.ts'

/** An index into the texts, as a row has it. */
export interface Names {
  readonly at: (text: string) => number
}

type Rows = Readonly<Record<number, readonly (readonly number[])[]>>

/** A library with the rows of these tables by number, and nothing else. */
export function builtAssembly(rowsWith: (names: Names) => Rows): Buffer {
  const texts: string[] = []
  const places = new Map<string, number>()
  let length = 1
  const at = (text: string) => {
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, length)
    texts.push(text)
    const place = length
    length += Buffer.byteLength(text) + 1
    return place
  }
  const tables = tablesOf(rowsWith({ at }))
  const strings = Buffer.from(`\0${texts.map((text) => `${text}\0`).join('')}`)
  return imageOf(metadataOf(tables, strings))
}

/** II.24.2.6, with wide indexes of texts. */
function tablesOf(rows: Rows): Buffer {
  const counts = tableSchemas.map((_, number) => rows[number]?.length ?? 0)
  const head = Buffer.alloc(24)
  head[6] = 1
  const widths = { rows: counts, heaps: { string: 4, guid: 2, blob: 2 } }
  const parts: Buffer[] = []
  for (const [number, count] of counts.entries()) {
    if (count === 0) continue
    head[8 + (number >> 3)] = (head[8 + (number >> 3)] ?? 0) | (1 << (number & 7))
    parts.push(numberOf(count, 4))
  }
  const columns = (number: number) => (tableSchemas[number] ?? []).map((column) => columnBytes(column, widths))
  for (const [number, of] of Object.entries(rows)) {
    const sizes = columns(Number(number))
    for (const row of of) parts.push(...sizes.map((bytes, index) => numberOf(row[index] ?? 0, bytes)))
  }
  return Buffer.concat([head, ...parts])
}

function numberOf(value: number, bytes: number): Buffer {
  const number = Buffer.alloc(bytes)
  number.writeUIntLE(value, 0, bytes)
  return number
}

/** II.24.2.1. */
function metadataOf(tables: Buffer, strings: Buffer): Buffer {
  const begin = 24 + 12 + 20
  const head = Buffer.alloc(begin)
  head.writeUInt32LE(0x424a5342, 0)
  head.writeUInt32LE(4, 12)
  head.writeUInt16LE(2, 22)
  head.writeUInt32LE(begin, 24)
  head.writeUInt32LE(tables.length, 28)
  head.write('#~', 32)
  head.writeUInt32LE(begin + tables.length, 36)
  head.writeUInt32LE(strings.length, 40)
  head.write('#Strings', 44)
  return Buffer.concat([head, tables, strings])
}

/** II.25, with one section. */
function imageOf(metadata: Buffer): Buffer {
  const [header, optionalBytes, address, cliBytes] = [64, 224, 0x2000, 72]
  const optional = header + 24
  const section = optional + optionalBytes
  const head = Buffer.alloc(section + 40)
  head.write('MZ', 0)
  head.writeUInt32LE(header, 0x3c)
  head.write('PE', header)
  head.writeUInt16LE(1, header + 6)
  head.writeUInt16LE(optionalBytes, header + 20)
  head.writeUInt16LE(0x10b, optional)
  head.writeUInt32LE(address, optional + 96 + 8 * 14)
  head.writeUInt32LE(address, section + 12)
  head.writeUInt32LE(cliBytes + metadata.length, section + 16)
  head.writeUInt32LE(head.length, section + 20)
  const cli = Buffer.alloc(cliBytes)
  cli.writeUInt32LE(address + cliBytes, 8)
  cli.writeUInt32LE(metadata.length, 12)
  cli.writeUInt32LE(1, 16)
  return Buffer.concat([head, cli, metadata])
}
