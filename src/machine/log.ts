import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../kernel/log.ts'

/** Size at which a log becomes `<file>.old` (G-14): two of them fit into any disk. */
const rotateAtBytes = 10 * 1024 * 1024

/** The log of a platform process: appends `[yyyy/MM/dd, HH:mm:ss.fff, INFO ] text` lines, times in UTC. A full disk loses lines, not the process. */
export function openLog(file: string): Log {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'a', 0o640)
  let size = fstatSync(descriptor).size

  function write(level: string, message: string): void {
    const line = `[${timeStamp(new Date())}, ${level}] ${message.replaceAll('\n', ' ')}\n`
    try {
      if (size >= rotateAtBytes) rotate()
      size += writeSync(descriptor, line)
    } catch (error) {
      process.stderr.write(`cannot write ${file}: ${(error as Error).message}\n${line}`)
    }
  }

  function rotate(): void {
    renameSync(file, `${file}.old`)
    closeSync(descriptor)
    descriptor = openSync(file, 'a', 0o640)
    size = 0
  }

  return {
    info: (message) => write('INFO ', message),
    warn: (message) => write('WARN ', message),
    error: (message) => write('ERROR', message),
  }
}

/** `yyyy/MM/dd, HH:mm:ss.fff`, as in WaHostBootstrapper.log (G-17). */
function timeStamp(now: Date): string {
  const iso = now.toISOString()
  return `${iso.slice(0, 10).replaceAll('-', '/')}, ${iso.slice(11, 23)}`
}
