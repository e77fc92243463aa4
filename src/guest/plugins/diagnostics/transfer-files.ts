import { type DirectorySource, isOfSites } from '../../../service-model/diagnostics/configuration.ts'
import type { DiagnosticsFacilities, FoundFile, Marks } from './facilities.ts'
import { type Identity, type Row, ticksOf } from './row.ts'
import type { DiagnosticsOutcome } from './settle.ts'
import type { DiagnosticsState, Segment } from './state.ts'

/** Files of a source at one go; the others come at once after them. */
const mostFiles = 100

/** Ticks between 1601, from which file times count, and the year 1. */
const fileTimeTicks = 504_911_232_000_000_000n

/** Uploads new and changed files of the configured directories; each has its row (P-18). */
export async function transferFiles(
  facilities: DiagnosticsFacilities,
  identity: Identity,
  state: () => DiagnosticsState,
  add: (rows: readonly Row[], marks: Marks) => readonly Segment[],
): Promise<DiagnosticsOutcome> {
  const { account, configuration } = state()
  if (account.kind === 'none') return { kind: 'collected', segments: add([], {}), more: false }
  const there = new Set<string>()
  let more = false
  for (const source of configuration.directories.sources) {
    const directory = facilities.directory(source)
    if ('why' in directory) throw new Error(directory.why)
    const files = await facilities.files(directory.path)
    for (const file of files) there.add(markOf(source, file))
    const fresh = files.filter((file) => !isTransferred(facilities, source, file))
    // Of each source some: one that always has more holds up no other.
    more ||= fresh.length > mostFiles
    for (const file of fresh.slice(0, mostFiles)) {
      const { container } = source
      const RelativePath = blobName(source, identity, file.relativePath)
      const storage = await facilities.storage(account)
      try {
        await storage.upload(container, RelativePath, file.path)
      } catch (error) {
        if ((await facilities.files(directory.path)).some(({ path }) => path === file.path)) throw error
        // It was removed meanwhile, as the oldest traces of failed requests are.
        continue
      }
      add([rowOf(container, RelativePath, file, facilities.now())], { [markOf(source, file)]: versionOf(file) })
    }
  }
  // Files that a role has removed are forgotten, or the marks of all files that ever existed would stay.
  const gone = Object.keys(facilities.buffers.Directories.marks()).filter((mark) => !there.has(mark))
  const forgotten = Object.fromEntries(gone.map((mark) => [mark, undefined]))
  return { kind: 'collected', segments: add([], forgotten), more }
}

/** P-17, P-18. */
function blobName(
  { place }: DirectorySource,
  { deploymentId, role, instance }: Identity,
  relativePath: string,
): string {
  const ofInstance = `${deploymentId}/${role}/${instance}`
  if (!isOfSites(place)) return `${ofInstance}/${relativePath}`
  return place.naming === 'plugIn' ? `${ofInstance}/Web/${relativePath}` : `WAD/${ofInstance}/${relativePath}`
}

/** Whether the file is in the container as it lies there now. */
export function isTransferred(
  { buffers }: Pick<DiagnosticsFacilities, 'buffers'>,
  source: DirectorySource,
  file: FoundFile,
): boolean {
  return buffers.Directories.marks()[markOf(source, file)] === versionOf(file)
}

function markOf({ container }: DirectorySource, { path }: FoundFile): string {
  return `${container} ${path}`
}

function versionOf({ sizeBytes, modifiedAt }: FoundFile): string {
  return `${sizeBytes} ${modifiedAt}`
}

function rowOf(Container: string, RelativePath: string, { path, modifiedAt }: FoundFile, at: number): Row {
  const FileTime = String(ticksOf(modifiedAt) - fileTimeTicks)
  return { at, level: 0, columns: { Container, RelativePath, AbsolutePath: path, FileTime } }
}
