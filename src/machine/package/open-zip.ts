import { constants, crc32, inflateRawSync } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import { damaged, Refusal, tooMuch, unsafeName } from '../../service-model/cspkg/refusal.ts'
import { smallFileBytes } from '../small-file.ts'
import { type PackageLimits, sizeText } from './limits.ts'
import { checkedEntry, isForeign } from './zip-entry.ts'
import { zipFault } from './zip-faults.ts'
import { ZipReader } from './zip-reader.ts'

/** A file inside a ZIP. */
export interface ZipPart {
  /** Decoded path (`approot/a b.js`). */
  readonly path: string
  /** The path with the ZIP in front, for messages. */
  readonly label: string
  readonly sizeBytes: number
  /** Its packer has marked it as a program; packers on Windows mark nothing. */
  readonly isProgram: boolean
  /** Its bytes, checked against size and CRC-32; those of a small one in one piece. Throws Refusal. */
  bytes(): AsyncIterable<Buffer>
}

export interface OpenedZip extends AsyncDisposable {
  /** '' for the package itself, else the name of the nested ZIP. */
  readonly name: string
  /** Files by `pathKey` of their path. */
  readonly parts: ReadonlyMap<string, ZipPart>
}

/**
 * A ZIP whose table of contents was read and checked: names, types, encryption, count, sizes, ratio (package-format.md 1).
 * Nothing is unpacked yet. Throws Refusal.
 */
export async function openZip(file: string, name: string, limits: PackageLimits): Promise<OpenedZip> {
  const reader = new ZipReader(file)
  const zip = await readable(name, () =>
    fromRandomAccessReaderPromise(reader, reader.size, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    }),
  )
  const what = name ? `the ZIP "${name}"` : 'the package'
  try {
    if (zip.entryCount > limits.entries) throw tooMuch(what, `has ${zip.entryCount} entries`, `${limits.entries}`)
    const parts = await readable(name, () => readTable({ zip, reader }, name, what, limits))
    return { name, parts, [Symbol.asyncDispose]: async () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

interface Opened {
  readonly zip: ZipFile
  readonly reader: ZipReader
}

async function readTable(
  opened: Opened,
  name: string,
  what: string,
  limits: PackageLimits,
): Promise<ReadonlyMap<string, ZipPart>> {
  const parts = new Map<string, ZipPart>()
  const directories = new Set<string>()
  let packed = 0
  let unpacked = 0
  for await (const entry of opened.zip.eachEntry()) {
    const { path, isDirectory, isProgram } = checkedEntry(entry)
    if (isForeign(path)) continue
    const key = pathKey(path)
    if (parts.has(key) || (isDirectory && directories.has(key)))
      throw unsafeName(path, 'stands there twice when case is ignored')
    if (isDirectory) {
      directories.add(key)
      continue
    }
    packed += entry.compressedSize
    unpacked += entry.uncompressedSize
    if (unpacked > limits.roleBytes)
      throw tooMuch(what, 'unpacks to more than a role may hold', sizeText(limits.roleBytes))
    const label = name ? `${name}/${path}` : path
    const bytes = () => bytesOf(opened, entry, label)
    parts.set(key, { path, label, sizeBytes: entry.uncompressedSize, isProgram, bytes })
  }
  if (unpacked > limits.ratioFromBytes && unpacked > limits.ratio * packed)
    throw tooMuch(what, `unpacks to ${Math.round(unpacked / packed)} times its size`, `${limits.ratio}`)
  return parts
}

async function* bytesOf(opened: Opened, entry: Entry, label: string): AsyncGenerator<Buffer> {
  const isSmall = entry.uncompressedSize <= smallFileBytes && entry.compressedSize <= smallFileBytes
  let sum = 0
  try {
    const chunks = isSmall ? [await wholeOf(opened, entry)] : await opened.zip.openReadStreamPromise(entry)
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    throw error instanceof Refusal ? error : zipFault(label, error)
  }
  if (sum !== entry.crc32) throw damaged(label, 'does not have the CRC-32 that its ZIP states')
}

/** The content of a small entry at one go: a stream for each of many costs more than the work on them. */
async function wholeOf({ zip, reader }: Opened, entry: Entry): Promise<Buffer> {
  const { compressedSize, uncompressedSize, compressionMethod } = entry
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  const packed = reader.bytes(fileDataStart, compressedSize)
  if (packed.length < compressedSize) throw new RangeError('unexpected EOF')
  if (compressionMethod === 0) return packed
  // One byte more than stated shows that there is more, and limits the cost of a false size.
  const room = {
    maxOutputLength: uncompressedSize + 1,
    chunkSize: Math.max(constants.Z_MIN_CHUNK, uncompressedSize + 1),
  }
  const content = inflateRawSync(packed, room)
  if (content.length !== uncompressedSize) throw new RangeError('not enough bytes in the stream')
  return content
}

async function readable<Value>(label: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof Refusal ? error : zipFault(label, error)
  }
}
