import { isOfSites, type OfSites } from '../../../service-model/diagnostics/configuration.ts'
import type { DiagnosticsFacilities, FoundFile } from './facilities.ts'
import type { DiagnosticsState } from './state.ts'
import { isTransferred } from './transfer-files.ts'

const bytesInMB = 1024 * 1024

/** Files written by the listener of sites (I-35) and by w3wp (I-63); other files there are the role's own. */
const written: Readonly<Record<OfSites, Written>> = {
  webLogs: {
    name: /^(W3SVC\d{1,9})\/u_ex\d{8}\.log$/,
    called: 'Web logs',
    isOlder: (one, other) => (nameOf(one) < nameOf(other) ? -1 : 1),
  },
  failedRequests: {
    name: /^(W3SVC\d{1,9})\/fr\d{6,9}\.xml$/,
    called: 'Traces of failed requests',
    // Each site counts by itself.
    isOlder: (one, other) => one.modifiedAt - other.modifiedAt,
  },
}

interface Written {
  readonly name: RegExp
  readonly called: string
  /** As for sorting. */
  readonly isOlder: (one: FoundFile, other: FoundFile) => number
}

/** Removes web logs and traces of failed requests beyond `directoryQuotaInMB`, the oldest first as everywhere in Diagnostics (P-14); files not yet transferred are reported. */
export async function removeOldWebLogs(
  facilities: Pick<DiagnosticsFacilities, 'directory' | 'files' | 'remove' | 'log' | 'buffers'>,
  { configuration }: Pick<DiagnosticsState, 'configuration'>,
): Promise<void> {
  for (const source of configuration.directories.sources) {
    if (!isOfSites(source.place) || source.place.quotaInMB === 0) continue
    const kind = written[source.place.kind]
    const directory = facilities.directory(source)
    if ('why' in directory) continue
    for (const file of beyond(await facilities.files(directory.path), kind, source.place.quotaInMB * bytesInMB)) {
      if (!isTransferred(facilities, source, file))
        facilities.log(
          'Warning',
          `${kind.called} are beyond directoryQuotaInMB: ${file.relativePath} is removed before it was transferred.`,
        )
      await facilities.remove(file.path)
    }
  }
}

/** The oldest that are too much. The newest of each site stays, however large: it is being written. */
function beyond(
  files: readonly FoundFile[],
  { name, isOlder }: (typeof written)[OfSites],
  quotaBytes: number,
): readonly FoundFile[] {
  const logs = files.filter(({ relativePath }) => name.test(relativePath))
  const oldestFirst = logs.toSorted(isOlder)
  const newest = new Map(oldestFirst.map((file) => [name.exec(file.relativePath)?.[1], file]))
  const ended = oldestFirst.filter((file) => newest.get(name.exec(file.relativePath)?.[1]) !== file)
  let excess = logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, -quotaBytes)
  return ended.filter(({ sizeBytes }) => {
    const isBeyond = excess > 0
    if (isBeyond) excess -= sizeBytes
    return isBeyond
  })
}

/** `u_exYYMMDDHH.log`: names stand in the order of time. */
function nameOf({ relativePath }: FoundFile): string {
  return relativePath.slice(relativePath.lastIndexOf('/') + 1)
}
