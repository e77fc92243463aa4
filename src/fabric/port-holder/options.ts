import type { Timers } from '../../kernel/timers.ts'

/** The options of the PortHolder process: the JSON file whose path is its only argument. */
export interface PortHolderOptions {
  /** The file that says how to start the program whose ports are held: read for every start, so that a newer program can take over. */
  readonly programFile: string
  /** Whether a newer run starts only when the former has ended. */
  readonly oneAtATime: boolean
  readonly timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>
  readonly logFile: string
}
