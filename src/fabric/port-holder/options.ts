import type { Timers } from '../../kernel/timers.ts'

/** What the PortHolder process is told at its start: the JSON file whose path is its only argument. */
export interface PortHolderOptions {
  /** The file that says how the program is started whose ports are held: read for every start, so that a newer program can take over. */
  readonly programFile: string
  /** Whether a newer run starts only when the one before has ended. */
  readonly oneAtATime: boolean
  readonly timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>
  readonly logFile: string
}
