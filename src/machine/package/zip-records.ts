/** An entry of a ZIP as its table of contents describes it. */
export interface ZipEntry {
  /** Name as it stands in the ZIP; ASCII. */
  readonly name: string
  readonly timeMs: number
  /** File type and rights as Unix writes them. */
  readonly mode: number
  readonly method: 'stored' | 'deflated'
  readonly crc32: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its local header begins. */
  readonly offset: number
}

/** 2.0: directories and deflate. */
const versionNeeded = 20
/** Made on Unix, so that the external attributes hold a mode (ZIP specification 4.4.2). */
const versionMadeBy = (3 << 8) | versionNeeded
const utf8Names = 1 << 11
const methods = { stored: 0, deflated: 8 } as const

/** The limits of a ZIP without ZIP64. */
export const zipLimits = { entries: 0xff_ff, bytes: 0xff_ff_ff_ff } as const

export const localHeaderBytes = 30

/** The header before an entry's bytes, with its name (4.3.7). */
export function localHeader(entry: Omit<ZipEntry, 'mode' | 'offset'>): Buffer {
  const record = Buffer.alloc(localHeaderBytes + entry.name.length)
  record.writeUInt32LE(0x04_03_4b_50, 0)
  writeShared(record, 4, entry)
  record.write(entry.name, localHeaderBytes, 'latin1')
  return record
}

/** The entry's record in the table of contents (4.3.12). */
export function directoryRecord(entry: ZipEntry): Buffer {
  const record = Buffer.alloc(46 + entry.name.length)
  record.writeUInt32LE(0x02_01_4b_50, 0)
  record.writeUInt16LE(versionMadeBy, 4)
  writeShared(record, 6, entry)
  record.writeUInt32LE((entry.mode << 16) >>> 0, 38)
  record.writeUInt32LE(entry.offset, 42)
  record.write(entry.name, 46, 'latin1')
  return record
}

/** Where the table of contents of a ZIP stands. */
interface Directory {
  readonly entries: number
  readonly bytes: number
  readonly offset: number
}

export const endRecordBytes = 22
const endSignature = 0x06_05_4b_50

/** The end of the ZIP (4.3.16). */
export function endRecord(directory: Directory): Buffer {
  const record = Buffer.alloc(endRecordBytes)
  record.writeUInt32LE(endSignature, 0)
  record.writeUInt16LE(directory.entries, 8)
  record.writeUInt16LE(directory.entries, 10)
  record.writeUInt32LE(directory.bytes, 12)
  record.writeUInt32LE(directory.offset, 16)
  return record
}

/** The content of an end record; undefined when it is not one. */
export function readEndRecord(record: Buffer): Directory | undefined {
  if (record.length < endRecordBytes || record.readUInt32LE(0) !== endSignature) return undefined
  return { entries: record.readUInt16LE(10), bytes: record.readUInt32LE(12), offset: record.readUInt32LE(16) }
}

/** The 26 bytes that both headers of an entry have. */
function writeShared(record: Buffer, at: number, entry: Omit<ZipEntry, 'mode' | 'offset'>): void {
  const { date, time } = dosTime(entry.timeMs)
  record.writeUInt16LE(versionNeeded, at)
  record.writeUInt16LE(utf8Names, at + 2)
  record.writeUInt16LE(methods[entry.method], at + 4)
  record.writeUInt16LE(time, at + 6)
  record.writeUInt16LE(date, at + 8)
  record.writeUInt32LE(entry.crc32, at + 10)
  record.writeUInt32LE(entry.packedBytes, at + 14)
  record.writeUInt32LE(entry.bytes, at + 18)
  record.writeUInt16LE(entry.name.length, at + 22)
}

/** Times of ZIPs have no zone and two seconds' grain: UTC, so that a package is the same wherever it is packed. */
function dosTime(timeMs: number): { readonly date: number; readonly time: number } {
  const at = new Date(Math.min(Math.max(timeMs, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)))
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  }
}
