import { printable } from '../../../../kernel/printable.ts'
import { sayOutput } from '../program/say-output.ts'

/** A trace of the application: its level as systemd's journal has it, and its text. */
const trace = /^<[0-7]>/

/** A trace in characters at most. Origin: choice. */
const longestTrace = 2_000

/** What a process says when its application is to begin anew (dotnet/site-host/ending.cs). */
const asksForAnother = 'SiteHost: the application asks for another in its place.'

/**
 * Traces of an application go into the role's output unchanged, where Diagnostics reads the level; its other output follows w3wp's prefix. `replace` is
 * called once when it asks for that.
 */
export function siteOutput(say: (line: string) => void, replace: () => void): (piece: Buffer) => void {
  let hasAsked = false
  const others = sayOutput(say, 'ASP.NET')
  return (piece) => {
    for (const line of piece.toString('utf8').split(/\r?\n/))
      if (trace.test(line)) console.log(printable(line, longestTrace))
      else {
        others(Buffer.from(line))
        if (line !== asksForAnother || hasAsked) continue
        hasAsked = true
        replace()
      }
  }
}
