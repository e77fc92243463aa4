import { mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Opens a file of JSON lines that only grows, mode 0600. Each line is written whole before the call returns; throws when the disk does not take it. */
export function openAppendOnly(file: string): (entry: object) => void {
  mkdirSync(dirname(file), { recursive: true })
  const descriptor = openSync(file, 'a', 0o600)
  return (entry) => void writeSync(descriptor, `${JSON.stringify(entry)}\n`)
}
