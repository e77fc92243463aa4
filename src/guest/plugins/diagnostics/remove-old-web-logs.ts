import type { DiagnosticsFacilities, FoundFile } from './facilities.ts'
import type { DiagnosticsState } from './state.ts'
import { isTransferred } from './transfer-files.ts'

const bytesInMB = 1024 * 1024

/** A file written by the listener of sites (I-35); other files there are the role's own. */
const webLog = /^(W3SVC\d{1,9})\/u_ex\d{8}\.log$/

/** Removes web logs beyond `directoryQuotaInMB`, the oldest first as everywhere in Diagnostics (P-14); files not yet transferred are reported. */
export async function removeOldWebLogs(
  facilities: Pick<DiagnosticsFacilities, 'directory' | 'files' | 'remove' | 'log' | 'buffers'>,
  { configuration }: Pick<DiagnosticsState, 'configuration'>,
): Promise<void> {
  for (const source of configuration.directories.sources) {
    if (source.place.kind !== 'webLogs' || source.place.quotaInMB === 0) continue
    const directory = facilities.directory(source)
    if ('why' in directory) continue
    for (const file of beyond(await facilities.files(directory.path), source.place.quotaInMB * bytesInMB)) {
      if (!isTransferred(facilities, source, file))
        facilities.log(
          'Warning',
          `Web logs are beyond directoryQuotaInMB: ${file.relativePath} is removed before it was transferred.`,
        )
      await facilities.remove(file.path)
    }
  }
}

/** The oldest that are too much. The newest of each site stays, however large: it is being written. */
function beyond(files: readonly FoundFile[], quotaBytes: number): readonly FoundFile[] {
  const logs = files.filter(({ relativePath }) => webLog.test(relativePath))
  const oldestFirst = logs.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
  const newest = new Map(oldestFirst.map((file) => [webLog.exec(file.relativePath)?.[1], file]))
  const ended = oldestFirst.filter((file) => newest.get(webLog.exec(file.relativePath)?.[1]) !== file)
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
