import { StringDecoder } from 'node:string_decoder'
import { printable } from '../../../../kernel/printable.ts'
import { sayOutput } from '../program/say-output.ts'
import type { OutputStream } from '../program/start-program.ts'

/** A trace of the application: its level as systemd's journal has it, and its text. */
const trace = /^<[0-7]>/

/** A trace, and what is kept of a line that has no end yet, in characters at most. Origin: choice. */
const longestLine = 2_000

/** What a process says when its application is to begin anew (dotnet/site-host/ending.cs). */
const asksForAnother = 'SiteHost: the application asks for another in its place.'

export interface SiteOutput {
  take(piece: Buffer, stream: OutputStream): void
  /** What has no end yet is a line too: the process has ended. */
  end(): void
}

/**
 * Traces of an application go into the role's output unchanged, where Diagnostics reads the level; its other output follows w3wp's prefix. Mono writes a
 * long line in several pieces. `replace` is called once when the process asks for that.
 */
export function siteOutput(say: (line: string) => void, replace: () => void): SiteOutput {
  const others = sayOutput(say, 'ASP.NET')
  const streams = { stdout: newLine(), stderr: newLine() }
  let hasAsked = false

  function tell(line: string): void {
    if (trace.test(line)) console.log(printable(line, longestLine))
    else others(Buffer.from(line))
    if (line !== asksForAnother || hasAsked) return
    hasAsked = true
    replace()
  }

  return {
    take(piece, stream) {
      const own = streams[stream]
      const lines = (own.begun + own.decoder.write(piece)).split(/\r?\n/)
      own.begun = lines.pop() ?? ''
      if (own.begun.length > longestLine) {
        lines.push(own.begun)
        own.begun = ''
      }
      for (const line of lines) tell(line)
    },
    end() {
      for (const own of Object.values(streams)) {
        tell(own.begun)
        own.begun = ''
      }
    },
  }
}

const newLine = () => ({ decoder: new StringDecoder('utf8'), begun: '' })
