import type { Result } from '../../kernel/fault.ts'

/** How a program ended; both null when nobody saw it. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  /** The system's part in its end, as a clause; undefined when the program ended by itself. */
  readonly cause?: string | undefined
}

/** Starts a program of the role and follows it: the port to the machine. */
export interface ProgramStart {
  readonly script: string
  /** The files and names that the script asks the system to run. */
  readonly programs: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface StartedProgram {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Asks it to end by itself. */
  readonly terminate: () => void
  readonly stop: () => Promise<void>
}

/** Refused with the cause when the system does not start it. */
export type StartProgram = (start: ProgramStart) => Result<StartedProgram>

/** The cause behind a sentence, if there is one. */
export function becauseOf({ cause }: Ended): string {
  return cause === undefined ? '' : `: ${cause}`
}
