import { fine, type Result, refused } from '../kernel/fault.ts'
import type { Wine } from './command-line/by-wine.ts'
import { expandVariables, longestFilled, longestVariable } from './command-line/expand.ts'
import { readLine } from './command-line/read-line.ts'
import { nested, type Script, type Surroundings } from './command-line/script.ts'
import { translate } from './command-line/translate.ts'
import type { FindFile, Use } from './command-line/use.ts'

/** A command line, ready for this system. */
export interface ShellScript {
  /** For `sh -c`. */
  readonly script: string
  /** The files and names that it asks the system to run. */
  readonly programs: readonly string[]
}

/**
 * A command line written for the command shell of the original, as a script for `sh -c` (design.md 6, S-29). It is read as that
 * shell reads it, so what is literal there is literal here; `\` of paths is turned, files are found ignoring case. What only
 * Windows can run goes through wine, where the machine has that, or is refused with a sentence that names a way out.
 */
export function shellScript(
  commandLine: string,
  variables: Readonly<Record<string, string>>,
  find: FindFile,
  wine?: Wine,
): Result<ShellScript> {
  const read = readCommand(commandLine, { variables, find, wine })
  if (!read.ok) return read
  const { kind, text, redirections, uses } = read.value
  const impossible = uses.flatMap((use) => (use.kind === 'missing' || use.kind === 'unknown' ? [use.why] : []))
  if (impossible.length > 0) return refused('WindowsCommand', impossible.join('; '))
  const whole = kind === 'program' ? `exec ${text}${redirections}` : nested(read.value)
  return fine({ script: kind === 'line' && redirections === '' ? text : whole, programs: uses.flatMap(programsOf) })
}

/** The result of a command line, possible here or not; refused when it is too long with its variables filled in. */
export function readCommand(commandLine: string, surroundings: Surroundings): Result<Script> {
  const line = expandVariables(commandLine, surroundings.variables)
  if (line.length > longestFilled(commandLine))
    return refused(
      'BadRequest',
      `the command line has more than ${longestVariable} characters when its variables are filled in; shorten their values`,
    )
  return fine(translate(readLine(line), surroundings))
}

function programsOf(use: Use): readonly string[] {
  return 'programs' in use ? use.programs : []
}
