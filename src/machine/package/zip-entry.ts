import { type Entry, getFileNameLowLevel } from 'yauzl'
import { entryPath } from '../../service-model/cspkg/part-path.ts'
import { damaged, unsafeName } from '../../service-model/cspkg/refusal.ts'

/** Upper byte of "version made by" for systems whose external attributes hold a Unix mode (ZIP specification 4.4.2). */
const unixMakers = [3, 19]
const fileTypeMask = 0o170000
const regularFile = 0o100000
const directory = 0o040000
const ownerExecutes = 0o100

/** The path of an entry, and whether it is a directory, or marked as a program. Throws Refusal for links, devices, encrypted entries and unsafe names (package-format.md 1). */
export function checkedEntry(entry: Entry): {
  readonly path: string
  readonly isDirectory: boolean
  readonly isProgram: boolean
} {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
  const isDirectory = /[\\/]$/.test(name)
  const path = entryPath(isDirectory ? name.slice(0, -1) : name)
  const mode = unixMakers.includes(entry.versionMadeBy >> 8) ? entry.externalFileAttributes >>> 16 : 0
  const type = mode & fileTypeMask
  if (type !== 0 && type !== regularFile && type !== directory)
    throw unsafeName(name, 'is a link or a device, not a file')
  if (entry.isEncrypted()) throw damaged(path, 'is an encrypted ZIP entry')
  if (!entry.canDecodeFileData())
    throw damaged(path, `is packed by method ${entry.compressionMethod}, not stored or deflated`)
  return { path, isDirectory, isProgram: !isDirectory && (mode & ownerExecutes) !== 0 }
}

/** Entries that foreign tools leave and that are no part of a package. */
export function isForeign(path: string): boolean {
  return path === '__MACOSX' || path.startsWith('__MACOSX/')
}
