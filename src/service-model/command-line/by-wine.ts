import { meant, withCarets } from './expand.ts'
import { quote } from './quote.ts'
import type { FoundFile } from './use.ts'
import { batchFile } from './windows-program.ts'

/** Debian's wine, on a machine that has it (design.md 6). */
export interface Wine {
  /** The program that runs wine: its first argument is the directory of the guest's drives, the others are for wine itself. */
  readonly program: string
  /** Real directory of the guest's drives `c`, `d`, `e` and `f`. */
  readonly root: string
}

/** Contains the line of a batch file: wine would quote the words anew, and its shell would interpret signs in them. */
const lineVariable = 'WaCommandLine'

/** Variables of this system that wine hides from its programs, and the names by which they still get them (RunByWine). */
const renamed: Readonly<Record<string, string>> = { TEMP: 'WaTemp', TMP: 'WaTmp' }

/** Words of the shell that run a file of the role through wine. `rest`: its arguments as the line has them, with their quotes. */
export function byWine(
  { path }: FoundFile,
  { rest, words }: { readonly rest: string; readonly words: readonly string[] },
  { program, root }: Wine,
  variables: Readonly<Record<string, string>>,
): readonly string[] {
  const there = (text: string) => inWindows(meant(text), root)
  const file = there(path.replaceAll('/', path.startsWith('/') ? '/' : '\\'))
  const isBatch = batchFile.test(path)
  const own = isBatch ? [`${lineVariable}=${`"${file}" ${inWindows(withCarets(rest), root)}`.trimEnd()}`] : []
  const command = isBatch ? ['cmd', '/c', `%${lineVariable}%`] : [file, ...words.map(there)]
  return ['env', ...changedVariables(variables, root), ...own, program, root, ...command].map(quote)
}

/** Real paths on drives of the guest as they are called there: `<root>/e/approot/x` is `E:\approot\x`. */
export function inWindows(text: string, root: string): string {
  const onDrive = new RegExp(
    `${root.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/([c-f])(?![^/\\\\;:,"'\\s])([^;:,"'\\s]*)`,
    'g',
  )
  return text.replace(
    onDrive,
    (_, letter: string, rest: string) => `${letter.toUpperCase()}:${rest.replaceAll('/', '\\')}`,
  )
}

/** `NAME=VALUE` of the variables that have another value for a program on Windows (S-30, S-31). */
function changedVariables(variables: Readonly<Record<string, string>>, root: string): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    if (name === 'PATH') return [`WINEPATH=${searched(value, root)}`]
    const there = inWindows(value, root)
    if (unchanged.includes(name) || (there === value && !(name in renamed))) return []
    return [`${renamed[name] ?? name}=${there}`]
  })
}

/** Wine itself reads these. CD is the shell's. */
const unchanged: readonly string[] = ['CD', 'HOME', 'TMPDIR']

/** The directories on drives of the guest; wine adds those of its Windows. */
function searched(path: string, root: string): string {
  return path
    .split(':')
    .filter((directory) => directory.startsWith(`${root}/`))
    .map((directory) => inWindows(directory, root))
    .join(';')
}
