import type { WriteStream } from 'node:tty'

/** Where a verb speaks: results to standard output, progress and complaints to standard error. */
export interface Terminal {
  /** Whether `--json` was given: then standard output holds JSON alone. */
  readonly json: boolean
  /** A line of the answer. Nothing with `--json`. */
  line(text: string): void
  /** A piece of the answer as it is. Nothing with `--json`. */
  write(text: string): void
  /** The answer as JSON, one line. Nothing without `--json`. */
  object(value: unknown): void
  /** A line on what goes on. */
  note(text: string): void
  /** Lines that replace the ones of the last call on a terminal; elsewhere only those that are new are written. */
  progress(lines: readonly string[]): void
  /** Lets the lines of `progress` stand. */
  settle(): void
}

/** The process's own terminal. */
export function openTerminal(json: boolean, output: WriteStream, notes: WriteStream): Terminal {
  let shown: readonly string[] = []

  return {
    json,
    line(text) {
      if (!json) output.write(`${text}\n`)
    },
    write(text) {
      if (!json) output.write(text)
    },
    object(value) {
      if (json) output.write(`${JSON.stringify(value)}\n`)
    },
    note(text) {
      notes.write(`${text}\n`)
    },
    progress(lines) {
      if (notes.isTTY) {
        const width = Math.max(20, notes.columns)
        notes.write(up(shown.length) + lines.map((line) => `${line.slice(0, width - 1)}\u001b[K\n`).join(''))
        if (lines.length < shown.length) notes.write('\u001b[J')
      } else for (const line of lines) if (!shown.includes(line)) notes.write(`${line}\n`)
      shown = lines
    },
    settle() {
      shown = []
    },
  }
}

/** Moves the cursor to the start of the line that many lines above. */
function up(lines: number): string {
  return lines === 0 ? '' : `\u001b[${lines}A`
}
