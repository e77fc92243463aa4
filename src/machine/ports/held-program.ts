import { readFileSync } from 'node:fs'
import { type ProcessRecord, saveRecordFile } from '../building/process-record.ts'
import { type ProcessStart, startWithChannel } from '../process.ts'

/** How a program is started whose ports are held: what `up` writes for the PortHolder. */
export interface HeldProgram {
  readonly start: ProcessStart
  /** Where its process is recorded, and what besides its identity. */
  readonly recordFile: string
  readonly record: Omit<ProcessRecord, 'identity'>
}

/** Starts the program of this file, a HeldProgram, and records it. Throws when the file cannot be read or the program cannot be started. */
export function startProgram(file: string): ReturnType<typeof startWithChannel> {
  const { start, recordFile, record } = JSON.parse(readFileSync(file, 'utf8')) as HeldProgram
  const run = startWithChannel(start)
  saveRecordFile(recordFile, { ...record, identity: run.identity })
  return run
}
