import { appendFileSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PlatformSettings } from './settings.ts'

/** At this size a log is renamed to `.old`, in bytes. Origin: as logs of the platform (G-14). */
const mostBytes = 10 * 1024 * 1024

/** Writes a program's output into its file; false when it has none. */
export type WriteOutput = (piece: Buffer, pid: number) => boolean

/** `stdoutLogFile` with time and process, as the modules name it. On a drive of Windows it would be nowhere: it is in `logs` of the application then. */
export function openOutputFile(directory: string, { stdoutLogFile }: PlatformSettings): WriteOutput {
  if (stdoutLogFile === undefined) return () => false
  const said = stdoutLogFile.replaceAll('\\', '/').replace(/^\/\/\?\//, '')
  const stem = resolve(directory, /^[a-z]:|%/i.test(said) || said === '' ? 'logs/stdout' : said.replace(/\.log$/i, ''))
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  let sizeBytes = 0
  return (piece, pid) => {
    const file = `${stem}_${stamp}_${pid}.log`
    try {
      if (sizeBytes > mostBytes) renameSync(file, `${file}.old`)
      if (sizeBytes === 0) mkdirSync(dirname(file), { recursive: true })
      if (sizeBytes > mostBytes) sizeBytes = 0
      appendFileSync(file, piece)
      sizeBytes += piece.length
    } catch {
      // A full disk stops no program.
    }
    return true
  }
}
