import { constants, createReadStream } from 'node:fs'
import { copyFile, type FileHandle, open, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { overlayPartName, overlayPartOf, overlayPath } from '../../service-model/cspkg/overlay.ts'
import { partName } from '../../service-model/cspkg/part-path.ts'
import { damaged, Refusal } from '../../service-model/cspkg/refusal.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { filesBelow } from './files-below.ts'
import { defaultPackageLimits } from './limits.ts'
import { measure } from './measure.ts'
import { openZip } from './open-zip.ts'
import { writeZip } from './write-zip.ts'
import { directoryRecord, endRecord, endRecordBytes, localHeader, readEndRecord, zipLimits } from './zip-records.ts'

/** The mode of an overlay's own entry: a file that everybody reads. */
const overlayMode = 0o100644

/**
 * Writes a package with overlays, each a directory or a ZIP, at its end (package-format.md 8): its own parts stay byte for byte.
 * `out` appears whole or not at all. Returns the sentences of `pack` about what a ZIP cannot hold. Fault `BadRequest`.
 */
export async function layOver(
  packageFile: string,
  overlays: readonly string[],
  out: string,
): Promise<Result<readonly string[]>> {
  using directory = temporaryDirectory(dirname(resolve(out)))
  try {
    const whole = join(directory.path, 'package')
    await copyFile(packageFile, whole, constants.COPYFILE_FICLONE)
    const warnings: string[] = []
    let place = await highestPlace(whole)
    for (const overlay of overlays) {
      place += 1
      const { file, warnings: told } = await overlayZip(overlay, join(directory.path, `${place}.zip`))
      warnings.push(...told)
      const { sha256 } = await measure({ source: file })
      await append(whole, file, overlayPartName({ place, sha256 }))
    }
    await rename(whole, out)
    return fine(warnings)
  } catch (error) {
    if (error instanceof Refusal) return refused('BadRequest', error.message)
    throw error
  }
}

async function highestPlace(file: string): Promise<number> {
  await using zip = await openZip(file, '', defaultPackageLimits)
  return Math.max(0, ...zip.parts.values().map(({ path }) => overlayPartOf(path)?.place ?? 0))
}

/** A directory is made a ZIP; a ZIP is taken as it is. Either is looked through as its reader will. */
async function overlayZip(
  overlay: string,
  target: string,
): Promise<{ readonly file: string; readonly warnings: readonly string[] }> {
  const facts = await stat(overlay).catch(() => undefined)
  if (!facts) throw new Refusal(`The overlay ${overlay} does not exist. Name a directory or a ZIP.`)
  const found = facts.isDirectory() ? await filesBelow(overlay) : undefined
  if (found)
    await writeZip(
      target,
      found.files.map(({ path, file, modifiedMs, isProgram }) => ({
        name: partName(path),
        source: file,
        timeMs: modifiedMs,
        isProgram,
      })),
    )
  const file = found ? target : overlay
  await using zip = await openZip(file, overlay, defaultPackageLimits)
  if (zip.parts.size === 0) throw new Refusal(`The overlay ${overlay} holds no files.`)
  for (const { path } of zip.parts.values()) overlayPath(path)
  return { file, warnings: found?.warnings ?? [] }
}

/** Puts a file behind the last entry of a ZIP, as it is; its table of contents moves behind that. */
async function append(zip: string, added: string, name: string): Promise<void> {
  await using handle = await open(zip, 'r+')
  const { entries, bytes, offset } = await endOf(handle)
  const table = Buffer.alloc(bytes)
  await handle.read(table, 0, bytes, offset)
  const size = (await stat(added)).size
  if (entries >= zipLimits.entries || offset + size + bytes > zipLimits.bytes - name.length)
    throw new Refusal('A package holds 65,535 parts and 4 GiB at most, and with the overlay there is more.')
  const described = { name, timeMs: 0, method: 'stored', packedBytes: size, bytes: size } as const
  const header = (sum: number) => localHeader({ ...described, crc32: sum })
  let sum = 0
  let at = offset + header(0).length
  for await (const chunk of createReadStream(added) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum)
    await handle.write(chunk, 0, chunk.length, at)
    at += chunk.length
  }
  await handle.write(header(sum), 0, undefined, offset)
  const record = directoryRecord({ ...described, crc32: sum, mode: overlayMode, offset })
  const end = endRecord({ entries: entries + 1, bytes: bytes + record.length, offset: at })
  await handle.write(Buffer.concat([table, record, end]), 0, undefined, at)
}

/** Throws Refusal for a ZIP that does not end with its record, or needs 64 bits. */
async function endOf(handle: FileHandle): Promise<ReturnType<typeof readEndRecord> & object> {
  const { size } = await handle.stat()
  const record = Buffer.alloc(Math.min(size, endRecordBytes))
  await handle.read(record, 0, record.length, size - record.length)
  const end = readEndRecord(record)
  if (!end || end.offset + end.bytes + endRecordBytes !== size)
    throw damaged('', 'ends with a comment or in 64 bits, so that no overlay can be put behind it')
  return end
}
