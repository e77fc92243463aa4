import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { Refusal } from '../../service-model/cspkg/refusal.ts'

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
}

const fileMode = 0o100644

/** Writes a ZIP without directory entries (package-format.md 2.1). Throws Refusal when a file changed since it was measured. */
export async function writeZip(file: string, items: readonly ZipItem[]): Promise<void> {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(file, { flags: 'wx' }))
  const failed = new Promise<never>((_, reject) => zip.on('error', reject))
  for (const { name, source, timeMs, stored, sha256 } of items) {
    const options = { mtime: dosTime(timeMs), mode: fileMode, compress: !stored, forceDosTimestamp: true }
    if (typeof source !== 'string') zip.addBuffer(source, name, options)
    else
      zip.addReadStreamLazy(name, options, (ready) =>
        ready(
          null,
          unchanged(source, sha256).once('error', (error) => zip.emit('error', error)),
        ),
      )
  }
  zip.end()
  await Promise.race([written, failed])
}

/** ZIP times have no zone and yazl writes local ones: moved, so that the entry bears UTC wherever it is packed. */
function dosTime(timeMs: number): Date {
  const time = new Date(timeMs)
  return new Date(timeMs + time.getTimezoneOffset() * 60_000)
}

function unchanged(file: string, sha256: string | undefined): Readable {
  return Readable.from(
    (async function* () {
      const hash = createHash('sha256')
      for await (const chunk of createReadStream(file)) {
        hash.update(chunk as Buffer)
        yield chunk as Buffer
      }
      if (sha256 !== undefined && hash.digest('hex') !== sha256)
        throw new Refusal(`The file ${file} changed while it was packed. Stop what writes to it and pack again.`)
    })(),
  )
}
