import { crc32, deflateRawSync } from 'node:zlib'

/** An entry written byte by byte, so that it can lie. */
export interface RawEntry {
  readonly name: string
  readonly data?: Buffer | string
  readonly deflate?: boolean
  readonly encrypted?: boolean
  readonly method?: number
  /** Unix mode with type bits; makes the entry one of a Unix tool. */
  readonly mode?: number
  /** What the headers say the unpacked size is. */
  readonly statedSize?: number
}

/** A ZIP of those entries, valid but for what they lie about. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const data = Buffer.from(entry.data ?? '')
    const stored = entry.deflate ? deflateRawSync(data) : data
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE((entry.encrypted ? 1 : 0) | 0x800, 2)
    fields.writeUInt16LE(entry.method ?? (entry.deflate ? 8 : 0), 4)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(stored.length, 14)
    fields.writeUInt32LE(entry.statedSize ?? data.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, name, stored])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6)
    attributes.writeUInt32LE(offset, 10)
    const maker = Buffer.from([20, entry.mode === undefined ? 0 : 3])
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), maker, fields, attributes, name]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end])
}
