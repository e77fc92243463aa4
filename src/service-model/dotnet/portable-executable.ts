import type { ByteReader } from './byte-reader.ts'

/** Content of the headers of a library or program for Windows (ECMA-335, II.25). */
export type Image =
  /** Code of a processor alone. */
  | { readonly kind: 'native' }
  | {
      readonly kind: 'managed'
      /** False: it has code of a processor beside that of .NET, as C++/CLI makes it (II.25.3.3.1, COMIMAGE_FLAGS_ILONLY). */
      readonly isPure: boolean
      readonly metadata: ByteReader
    }

/** Most sections of a file that is read; the format's own limit is 96. */
const mostSections = 96

const cliHeaderEntry = 14
const ilOnly = 1

/** Undefined when it is not such a file. Throws RangeError when it is cut off. */
export function readImage(file: ByteReader): Image | undefined {
  if (file.length < 64 || file.u16(0) !== 0x5a4d) return undefined
  const header = file.u32(0x3c)
  if (header + 24 > file.length || file.u32(header) !== 0x4550) return undefined
  const sections = file.u16(header + 6)
  const optionalSize = file.u16(header + 20)
  const optional = header + 24
  const isWide = optionalSize > 0 && file.u16(optional) === 0x20b
  const directories = optional + (isWide ? 112 : 96)
  const entry = directories + 8 * cliHeaderEntry
  if (entry + 8 > optional + optionalSize || file.u32(entry) === 0) return { kind: 'native' }
  if (sections > mostSections) throw new RangeError(`It has ${sections} sections, and ${mostSections} are the most.`)
  const place = placesIn(file, optional + optionalSize, sections)
  const cli = place(file.u32(entry))
  return {
    kind: 'managed',
    isPure: (file.u32(cli + 16) & ilOnly) !== 0,
    metadata: file.part(place(file.u32(cli + 8)), file.u32(cli + 12)),
  }
}

/** The place in the file of something given by its address in memory. */
function placesIn(file: ByteReader, table: number, count: number): (address: number) => number {
  const sections = Array.from({ length: count }, (_, index) => {
    const at = table + 40 * index
    return { address: file.u32(at + 12), size: file.u32(at + 16), offset: file.u32(at + 20) }
  })
  return (address) => {
    const held = sections.find((one) => address >= one.address && address < one.address + one.size)
    if (!held) throw new RangeError('An address of it lies in no section.')
    return held.offset + address - held.address
  }
}
