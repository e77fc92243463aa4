import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ProcessRecord, succeedInRecord } from '../building/process-record.ts'
import { startedInside } from '../fabric-namespace/enter.ts'
import { type ProcessStart, startWithChannel } from '../process.ts'

/** How a program is started whose ports are held: `up` writes this for the PortHolder. */
export interface HeldProgram {
  readonly start: ProcessStart
  /** Whether it lives in the namespaces of the fabric. */
  readonly inside?: boolean | undefined
  /** Where its process is recorded, and what besides its identity. */
  readonly recordFile: string
  readonly record: Omit<ProcessRecord, 'identity'>
}

/** A process of the program. */
export interface ProgramRun extends ReturnType<typeof startWithChannel> {
  /** Makes it the process that is known for the program. */
  record(): void
}

/** Starts the program of this file, a HeldProgram. Throws when the file cannot be read or the program cannot be started. */
export function startProgram(file: string): ProgramRun {
  const { start, inside, recordFile, record } = JSON.parse(readFileSync(file, 'utf8')) as HeldProgram
  const run = startWithChannel(inside ? startedInside(start, dirname(recordFile)) : start)
  return { ...run, record: () => succeedInRecord(recordFile, { ...record, identity: run.identity }) }
}
