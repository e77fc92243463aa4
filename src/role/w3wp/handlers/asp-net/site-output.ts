import { printable } from '../../../../kernel/printable.ts'
import { sayOutput } from '../program/say-output.ts'

/** A trace of the application: its level as systemd's journal has it, and its text. */
const trace = /^<[0-7]>/

/** A trace in characters at most. Origin: choice. */
const longestTrace = 2_000

/** Traces of an application go into the role's output unchanged, where Diagnostics reads the level; its other output follows w3wp's prefix. */
export function siteOutput(say: (line: string) => void): (piece: Buffer) => void {
  const others = sayOutput(say, 'ASP.NET')
  return (piece) => {
    for (const line of piece.toString('utf8').split(/\r?\n/))
      if (trace.test(line)) console.log(printable(line, longestTrace))
      else others(Buffer.from(line))
  }
}
