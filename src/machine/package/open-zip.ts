import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import { damaged, Refusal, tooMuch, unsafeName } from '../../service-model/cspkg/refusal.ts'
import { type PackageLimits, sizeText } from './limits.ts'
import { checkedEntry, isForeign } from './zip-entry.ts'

/** A file inside a ZIP. */
export interface ZipPart {
  /** Decoded path (`approot/a b.js`). */
  readonly path: string
  /** The path with the ZIP in front, for messages. */
  readonly label: string
  readonly sizeBytes: number
  /** Its bytes, checked against size and CRC-32. Throws Refusal. */
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
  const zip = await readable(name, () =>
    openPromise(file, { autoClose: false, decodeStrings: false, validateEntrySizes: true }),
  )
  const what = name ? `the ZIP "${name}"` : 'the package'
  try {
    if (zip.entryCount > limits.entries) throw tooMuch(what, `has ${zip.entryCount} entries`, `${limits.entries}`)
    const parts = await readable(name, () => readTable(zip, name, what, limits))
    return { name, parts, [Symbol.asyncDispose]: async () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function readTable(
  zip: ZipFile,
  name: string,
  what: string,
  limits: PackageLimits,
): Promise<ReadonlyMap<string, ZipPart>> {
  const parts = new Map<string, ZipPart>()
  const directories = new Set<string>()
  let packed = 0
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    const { path, isDirectory } = checkedEntry(entry)
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
    parts.set(key, { path, label, sizeBytes: entry.uncompressedSize, bytes: () => bytesOf(zip, entry, label) })
  }
  if (unpacked > limits.ratioFromBytes && unpacked > limits.ratio * packed)
    throw tooMuch(what, `unpacks to ${Math.round(unpacked / packed)} times its size`, `${limits.ratio}`)
  return parts
}

async function* bytesOf(zip: ZipFile, entry: Entry, label: string): AsyncGenerator<Buffer> {
  const stream = await readable(label, () => zip.openReadStreamPromise(entry))
  let sum = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    throw asRefusal(label, error)
  }
  if (sum !== entry.crc32) throw damaged(label, 'does not have the CRC-32 that its ZIP states')
}

async function readable<Value>(label: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    throw asRefusal(label, error)
  }
}

/** What the ZIP library objects to is the package's fault; what the system objects to (a full disk) is not. */
function asRefusal(label: string, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || 'syscall' in error) return error
  return damaged(label, `is no usable ZIP (${error.message})`)
}
