import type { WriteStream } from 'node:tty'
import { counted } from './counted.ts'

/** Lines that show a state, shown again and again as it changes. */
export interface LiveLines {
  /** On a terminal the lines replace those shown before; elsewhere only lines with news are written. */
  readonly show: (lines: readonly string[]) => void
  /** Lets what is shown stand. */
  readonly settle: () => void
}

/** Lines are cut to this many columns even where a terminal is narrower. */
const narrowest = 20

/** Size of a terminal that does not report its own, as over a serial line or in some editors. */
const usual = { columns: 80, rows: 24 } as const

export function liveLines(stream: WriteStream): LiveLines {
  let shown: readonly string[] = []

  return {
    show(lines) {
      const fitting = stream.isTTY ? cut(lines, stream.columns || usual.columns, stream.rows || usual.rows) : lines
      if (stream.isTTY) {
        stream.write(up(shown.length) + fitting.map((line) => `${line}\u001b[K\n`).join(''))
        if (fitting.length < shown.length) stream.write('\u001b[J')
      } else {
        const known = new Set(shown.map(words))
        for (const line of fitting) if (!known.has(words(line))) stream.write(`${line}\n`)
      }
      shown = fitting
    },
    settle() {
      shown = []
    },
  }
}

/** A line without times and alignment: the message of a guest carries the time of its report (T-6). */
function words(line: string): string {
  return line
    .replace(/\d{4}[-/]\d\d[-/]\d\d(?:T|, )\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What fits on the screen: the cursor cannot be moved up beyond its first line. */
function cut(lines: readonly string[], columns: number, rows: number): readonly string[] {
  const most = Math.max(1, rows - 2)
  const fitting =
    lines.length <= most ? lines : [...lines.slice(0, most), `… and ${counted(lines.length - most, 'line')} more`]
  return fitting.map((line) => line.slice(0, Math.max(narrowest, columns) - 1))
}

/** Moves the cursor to the start of the line that many lines above. */
function up(lines: number): string {
  return lines === 0 ? '' : `\u001b[${lines}A`
}
