import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { OutputStream } from '../program/start-program.ts'
import { computerName } from './environment.ts'
import type { IisnodeSettings } from './overrides.ts'

/** Writes the output of programs into files with the names that iisnode gives them. */
export type WriteLog = (piece: Buffer, stream: OutputStream, pid: number) => void

/** The directory of a script's logs: beside the script unless the setting is an absolute path. A path on a drive of Windows does not exist here. */
export function logDirectoryOf(directory: string, { logDirectory }: IisnodeSettings): string {
  const path = logDirectory.replaceAll('\\', '/').replace(/^\/\/\?\//, '')
  return resolve(directory, /^[a-z]:|^\/\/|%/i.test(path) || path === '' ? 'iisnode' : path)
}

/**
 * `<computer>-<pid>-stdout-<time>.txt`. A file that has grown beyond its size is followed by another; the oldest go when all are too many or too
 * large. Output that cannot be written is lost: a full disk stops no program.
 */
export function openLogFiles(directory: string, settings: IisnodeSettings): WriteLog {
  const { maxLogFileSizeInKB: fileKB, maxLogFiles, maxTotalLogFileSizeInKB: totalKB } = settings
  const current = new Map<string, { readonly path: string; sizeBytes: number }>()
  return (piece, stream, pid) => {
    const key = `${pid}-${stream}`
    let file = current.get(key)
    try {
      if (!file || file.sizeBytes > fileKB * 1024) {
        mkdirSync(directory, { recursive: true })
        dropOldest(directory, maxLogFiles, totalKB * 1024)
        file = { path: join(directory, `${computerName()}-${key}-${Date.now()}.txt`), sizeBytes: 0 }
        current.set(key, file)
      }
      const room = piece.subarray(0, fileKB * 1024)
      appendFileSync(file.path, room)
      file.sizeBytes += room.length
    } catch {
      // Nobody is served worse for a line that is lost.
    }
  }
}

function dropOldest(directory: string, mostFiles: number, mostBytes: number): void {
  const files = readdirSync(directory)
    .filter((name) => /-\d+-(?:stdout|stderr)-\d+\.txt$/.test(name))
    .flatMap((name) => {
      const facts = statSync(join(directory, name), { throwIfNoEntry: false })
      return facts?.isFile() ? [{ name, size: facts.size, time: facts.mtimeMs }] : []
    })
    .toSorted((a, b) => a.time - b.time)
  let size = files.reduce((sum, file) => sum + file.size, 0)
  for (const [index, file] of files.entries()) {
    if (size <= mostBytes && files.length - index < mostFiles) return
    rmSync(join(directory, file.name), { force: true })
    size -= file.size
  }
}
