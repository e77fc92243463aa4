import { createHash, hash } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeFileSync, writeSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { constants, crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { filesATurn, readSmallFile } from '../small-file.ts'
import { directoryRecord, endRecord, localHeader, type ZipEntry, zipLimits } from './zip-records.ts'

/** One entry to write, in the order given. */
export interface ZipItem {
  /** Name as it stands in the ZIP, percent-encoded. */
  readonly name: string
  readonly source: string | Buffer
  readonly timeMs: number
  /** Not deflated: what is a ZIP already. */
  readonly stored?: boolean
  /** Lower-case hexadecimal; a file on disk that has another by now is refused. */
  readonly sha256?: string
  /** It may be executed on its owner's machine. */
  readonly isProgram?: boolean
}

const modes = { file: 0o100644, program: 0o100755 } as const

/** What is written at once. */
const bufferBytes = 1024 * 1024

/**
 * Writes a ZIP without directory entries (package-format.md 2.1). Throws Refusal when a file has changed since it was measured,
 * or when there is more than a ZIP can hold. Small files, as there may be many, are read, deflated and written at one go.
 */
export async function writeZip(file: string, items: readonly ZipItem[]): Promise<void> {
  if (items.length > zipLimits.entries)
    throw new Refusal(
      `A package holds ${zipLimits.entries} files at most, and there are ${items.length}. Leave some out.`,
    )
  const output = openOutput(file)
  try {
    const entries: ZipEntry[] = []
    for (const [index, item] of items.entries()) {
      entries.push(await writeEntry(item, output))
      if (index % filesATurn === 0) await nextTurn()
    }
    const offset = output.size()
    for (const entry of entries) output.write(directoryRecord(entry))
    output.write(endRecord({ entries: entries.length, bytes: output.size() - offset, offset }))
    if (output.size() > zipLimits.bytes)
      throw new Refusal('A package holds 4 GiB at most, and there is more. Leave something out.')
    output.flush()
  } finally {
    output.close()
  }
}

type Output = ReturnType<typeof openOutput>

/** A new file that is written from its beginning to its end; `patch` overwrites bytes already written. */
function openOutput(file: string) {
  const handle = openSync(file, 'wx')
  let size = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const flush = () => {
    writeFileSync(handle, Buffer.concat(pending))
    pending = []
    pendingBytes = 0
  }
  return {
    size: () => size,
    write(bytes: Buffer) {
      pending.push(bytes)
      size += bytes.length
      pendingBytes += bytes.length
      if (pendingBytes >= bufferBytes) flush()
    },
    patch(bytes: Buffer, offset: number) {
      flush()
      writeSync(handle, bytes, 0, bytes.length, offset)
    },
    flush,
    close: () => closeSync(handle),
  }
}

async function writeEntry(item: ZipItem, output: Output): Promise<ZipEntry> {
  const { name, source, timeMs, stored = false, isProgram = false } = item
  const offset = output.size()
  const described = { name, timeMs, method: stored ? 'stored' : 'deflated' } as const
  const content = typeof source === 'string' ? readSmallFile(source)?.bytes : source
  const measured = content
    ? writeSmall(content, item, described, output)
    : await writeLarge(source as string, item, described, output)
  return { ...described, ...measured, mode: isProgram ? modes.program : modes.file, offset }
}

type Described = Pick<ZipEntry, 'name' | 'timeMs' | 'method'>
type Measured = Pick<ZipEntry, 'crc32' | 'packedBytes' | 'bytes'>

function writeSmall(content: Buffer, item: ZipItem, described: Described, output: Output): Measured {
  if (item.sha256 !== undefined && hash('sha256', content, 'hex') !== item.sha256) throw changed(item)
  // zlib takes 16 KiB for each unless it knows how few bytes will come.
  const packed = item.stored ? content : deflateRawSync(content, { chunkSize: content.length + constants.Z_MIN_CHUNK })
  const measured = { crc32: crc32(content), packedBytes: packed.length, bytes: content.length }
  output.write(localHeader({ ...described, ...measured }))
  output.write(packed)
  return measured
}

/** Its sizes are known only when it is written: the header is written again then. */
async function writeLarge(path: string, item: ZipItem, described: Described, output: Output): Promise<Measured> {
  const sum = createHash('sha256')
  const measured = { crc32: 0, packedBytes: 0, bytes: 0 }
  const offset = output.size()
  output.write(localHeader({ ...described, ...measured }))
  async function* read() {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      sum.update(chunk)
      measured.crc32 = crc32(chunk, measured.crc32)
      measured.bytes += chunk.length
      yield chunk
    }
  }
  async function write(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      measured.packedBytes += chunk.length
      output.write(chunk)
    }
  }
  await (item.stored ? write(read()) : pipeline(read, createDeflateRaw(), write))
  if (item.sha256 !== undefined && sum.digest('hex') !== item.sha256) throw changed(item)
  output.patch(localHeader({ ...described, ...measured }), offset)
  return measured
}

function changed({ source }: ZipItem): Refusal {
  return new Refusal(`The file ${String(source)} changed while it was packed. Stop what writes to it and pack again.`)
}
