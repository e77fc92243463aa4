import { readFileSync } from 'node:fs'
import { followFile } from '../follow-file.ts'

/** How often a file is looked at. Origin: choice; a change of the master is to be known within a second everywhere. */
const lookEveryMs = 250

/** What a file says now. */
export interface WatchedFile<Value> {
  /** The last that could be read; undefined: none yet. */
  value(): Value | undefined
  /** Called with each new value. */
  onChange(call: (value: Value) => void): void
}

/** Reads a file again whenever it changes. Half of one, as between two files of a pair, is read again with the next change. */
export function watchedFile<Value>(file: string, read: (text: string) => Value): WatchedFile<Value> {
  const calls: ((value: Value) => void)[] = []
  let value: Value | undefined
  const look = () => {
    try {
      value = read(readFileSync(file, 'utf8'))
    } catch {
      return
    }
    for (const call of calls) call(value)
  }
  followFile(file, lookEveryMs, look)
  look()
  return { value: () => value, onChange: (call) => void calls.push(call) }
}
