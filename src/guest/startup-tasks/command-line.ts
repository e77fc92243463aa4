import { fine, type Result, refused } from '../../kernel/fault.ts'
import { expandVariables, longestFilled, longestVariable } from './command-line/expand.ts'
import type { FindFile } from './command-line/program.ts'
import { readLine } from './command-line/read-line.ts'
import { nested } from './command-line/script.ts'
import { translate } from './command-line/translate.ts'

export type { FindFile } from './command-line/program.ts'

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
 * Windows can run is refused with a sentence that names a way out.
 */
export function shellScript(
  commandLine: string,
  variables: Readonly<Record<string, string>>,
  find: FindFile,
): Result<ShellScript> {
  const line = expandVariables(commandLine, variables)
  if (line.length > longestFilled(commandLine))
    return refused(
      'BadRequest',
      `the command line has more than ${longestVariable} characters when its variables are filled in; shorten their values`,
    )
  const script = translate(readLine(line), { variables, find })
  if (!script.ok) return script
  const { kind, text, redirections, programs } = script.value
  const whole = kind === 'program' ? `exec ${text}${redirections}` : nested(script.value)
  return fine({ script: kind === 'line' && redirections === '' ? text : whole, programs })
}
