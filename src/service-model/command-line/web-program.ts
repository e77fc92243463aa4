import { fine, type Result, refused } from '../../kernel/fault.ts'
import { expandVariables, meant } from './expand.ts'
import { resolveProgram } from './program.ts'
import { quote, unquoted } from './quote.ts'
import { argumentOf, type Surroundings } from './script.ts'
import { splitArguments } from './split-arguments.ts'

/** Programs of the machine, by their names on Windows: copies of them in a package are for Windows. */
const machinePrograms: ReadonlyMap<string, string> = new Map([
  ['dotnet', 'dotnet'],
  ['java', 'java'],
  ['javaw', 'java'],
  ['php', 'php'],
  ['php-cgi', 'php-cgi'],
  ['python', 'python3'],
  ['pythonw', 'python3'],
  ['ruby', 'ruby'],
])

/** A program that the web server starts. */
export interface WebProgram {
  /** A path, or a name to be found on PATH. */
  readonly file: string
  readonly args: readonly string[]
}

/**
 * A program and its arguments, as the web server of the original starts them: without a shell, so that `&` and `>` are literal. `%NAME%` is filled
 * in, `\` of paths is turned, files are found ignoring case (design.md 6). A program that cannot run is refused with a sentence that names the file
 * and a way out.
 */
export function webProgram(path: string, words: string, surroundings: Surroundings): Result<WebProgram> {
  const { find, variables } = surroundings
  const plain = meant(expandVariables(path, variables)).trim().replaceAll('"', '').replaceAll('\\', '/')
  if (plain === '') return refused('MissingProgram', 'no program is named to be started; say one in processPath')
  if (/%LAUNCHER_PATH%/i.test(plain))
    return refused(
      'MissingProgram',
      '%LAUNCHER_PATH% is a placeholder, which the tools of ASP.NET Core fill in when they publish a project: publish it, or name the program in its place',
    )
  const invocation = machineProgram(plain, surroundings) ?? resolveProgram(plain, surroundings)
  if ('why' in invocation.use && invocation.use.kind !== 'recipe') return refused('WindowsCommand', invocation.use.why)
  const own = splitArguments(expandVariables(words, variables)).map((word) => argumentOf(word, find))
  // Not by a shell: it would hide variables from the program whose names it does not accept, such as appSettings with a dot or a colon.
  const [file = plain, ...args] = [...invocation.words, ...own].map(unquoted)
  return fine({ file, args })
}

/** The machine's own program for one of that name, unless the package has a file of exactly that name which is not for Windows. */
function machineProgram(plain: string, { find }: Surroundings): ReturnType<typeof resolveProgram> | undefined {
  const [, name = ''] = /([^/]*?)(?:\.exe)?$/i.exec(plain) ?? []
  const known = machinePrograms.get(name.toLowerCase())
  if (known === undefined || (!/\.exe$/i.test(plain) && find(plain))) return undefined
  return {
    words: [quote(known)],
    use: { kind: 'recipe', asked: plain, programs: [known], why: `the ${known} of the machine stands for it` },
  }
}

/**
 * The command line of a program, as in `nodeProcessCommandLine`, separated into the program and its arguments. Unquoted, a path with blanks ends with
 * its `.exe`.
 */
export function splitCommandLine(line: string): { readonly path: string; readonly words: string } {
  const [whole = '', quoted, bare] = /^\s*(?:"([^"]*)"?|(.*?\.exe)(?=\s|$)|\S+)/i.exec(line) ?? []
  return { path: quoted ?? bare ?? whole.trim(), words: line.slice(whole.length).trim() }
}
