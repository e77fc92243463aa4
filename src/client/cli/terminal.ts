import type { WriteStream } from 'node:tty'
import { coloursAlone, uncontrolling } from '../../kernel/printable.ts'
import { liveLines } from './live-lines.ts'

/** Where a verb speaks: results to standard output, progress and complaints to standard error. Much of it is of roles and owners: it controls no terminal. */
export interface Terminal {
  /** Whether `--json` was given: then standard output holds JSON alone. */
  readonly json: boolean
  /** A line of the answer. Nothing with `--json`. */
  line(text: string): void
  /** A piece of the answer as it is. Nothing with `--json`. */
  write(text: string): void
  /** The answer as JSON, one line. Nothing without `--json`. */
  object(value: unknown): void
  /** An answer that is updated as it changes. Nothing with `--json`. */
  live(lines: readonly string[]): void
  /** Prints the operation of a request; every error that follows names it. */
  accepted(operation: string): void
  /** The operation that was accepted last. */
  operation(): string | undefined
  /** Prints each of these once; the answer names them all. */
  warn(warnings: readonly string[]): void
  /** All that was warned of. */
  warned(): readonly string[]
  /** A line about progress. */
  note(text: string): void
  /** How far it is: lines that take the place of the last ones. */
  progress(lines: readonly string[]): void
  /** Lets the lines of `progress` stand. */
  settle(): void
}

/** The process's own terminal. */
export function openTerminal(json: boolean, output: WriteStream, notes: WriteStream): Terminal {
  const answer = liveLines(output)
  const progress = liveLines(notes)
  let accepted: string | undefined
  const warned = new Set<string>()

  return {
    json,
    line(text) {
      if (!json) output.write(`${uncontrolling(text)}\n`)
    },
    write(text) {
      // Into a file or another program it goes as it is.
      if (!json) output.write(output.isTTY ? coloursAlone(text) : text)
    },
    object(value) {
      if (json) output.write(`${JSON.stringify(value)}\n`)
    },
    live(lines) {
      if (!json) answer.show(lines.map(uncontrolling))
    },
    accepted(operation) {
      accepted = operation
      notes.write(`Accepted as operation ${operation}.\n`)
    },
    operation: () => accepted,
    warn(warnings) {
      for (const warning of warnings) {
        if (!warned.has(warning)) notes.write(`warning: ${uncontrolling(warning)}\n`)
        warned.add(warning)
      }
    },
    warned: () => [...warned],
    note(text) {
      notes.write(`${uncontrolling(text)}\n`)
    },
    progress: (lines) => progress.show(lines.map(uncontrolling)),
    settle: progress.settle,
  }
}
