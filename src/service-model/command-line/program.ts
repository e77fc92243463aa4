import { copiedConfig, isNodeInstaller } from './node-installer.ts'
import { quote } from './quote.ts'
import type { Surroundings } from './script.ts'
import type { FoundFile, Use } from './use.ts'
import { batchFile, whyNotByWine } from './windows-program.ts'

/** How a program is run here. */
interface Invocation {
  /** Words of the shell; the program's own arguments follow. */
  readonly words: readonly string[]
  /** Its arguments are no paths of this system, and are to reach it as they stand. */
  readonly asWritten?: boolean
  /** A batch file that it is, and that may be read here. */
  readonly batch?: FoundFile | undefined
  readonly use: Use
}

/** Endings that the original's command shell runs and this one cannot (design.md 6). */
const windowsPrograms = ['.cmd', '.bat', '.exe', '.ps1', '.vbs'] as const

/**
 * How to run the program that a command line names (design.md 6): the machine's Node, a file of the package or the file that
 * replaces it on this system, a known recipe, wine; any other name is left for the shell to find on PATH. `plain` has `/` for `\`.
 * For programs run by wine the caller makes the words.
 */
export function resolveProgram(plain: string, { find, variables, wine }: Surroundings): Invocation {
  if (/^(?:.*\/)?node(?:\.exe|\.cmd)?$/i.test(plain))
    return recipe('node', plain, 'the Node of the machine stands for that of the package')
  if (/^(?:.*\/)?appcmd(?:\.exe)?$/i.test(plain) && !find('appcmd.sh'))
    return { ...recipe('appcmd', plain, 'our appcmd changes the configuration of our web server'), asWritten: true }
  const ending = windowsPrograms.find((known) => plain.toLowerCase().endsWith(known))
  const found = find(plain)
  if (ending === undefined && found) return invocation(found, 'asIs', plain)
  const written = ending ?? windowsPrograms.find((known) => find(plain + known))
  if (written === undefined) {
    const script = find(`${plain}.sh`)
    if (script) return invocation(script, 'standIn', plain)
    return { words: [quote(plain)], use: { kind: 'asIs', asked: plain, programs: [plain] } }
  }
  const stem = ending === undefined ? plain : plain.slice(0, -ending.length)
  const beside = standsOutside(plain, variables) ? baseName(stem) : stem
  const names = [stem, beside].flatMap((name) => (ending === undefined ? [`${name}.sh`] : [`${name}.sh`, name]))
  const standIn = names.map(find).find((file) => file !== undefined)
  if (standIn) return invocation(standIn, 'standIn', plain)
  const file = found ?? find(stem + written)
  const text = file?.head() ?? ''
  if (isNodeInstaller(stem, text)) return installer(plain, copiedConfig(stem, text, find))
  const against = file && whyNotByWine(stem + written, file.head())
  const batch = batchFile.test(stem + written) ? file : undefined
  if (file && against === undefined && wine)
    return { words: [], batch, use: { kind: 'wine', asked: plain, programs: [wine.program], file } }
  const why = refusal(stem + written) + (file ? ` ${wineAdvice(against)}` : '')
  return { words: [], batch, use: { kind: 'missing', asked: plain, standIn: `${beside}.sh`, why } }
}

/** Whether a path leads out of the package, as `%windir%\…` and `C:\…` do: its stand-in is looked for where the command runs. */
function standsOutside(path: string, { RoleRoot: root = '' }: Readonly<Record<string, string>>): boolean {
  return /^(?:[a-z]:|%)/i.test(path) || (path.startsWith('/') && !path.startsWith(`${root}/`))
}

function refusal(file: string): string {
  const stem = baseName(file).replace(/\.\w+$/, '')
  return `"${file}" is a program for Windows and cannot run here. Put "${stem}.sh" or "${stem}" beside it in the package, or deploy with --overlay and a directory or ZIP that holds it.`
}

function wineAdvice(against: string | undefined): string {
  return against === undefined
    ? "It would be run by Debian's wine, which this machine has not: apt-get install --no-install-recommends wine."
    : `Debian's wine does not run it either: ${against}.`
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function recipe(program: string, asked: string, why: string): Invocation {
  return { words: [program], use: { kind: 'recipe', asked, programs: [program], why } }
}

/** In the place of the Node installer; what else stands in its line is none of the copy's affair. */
function installer(asked: string, copied: ReturnType<typeof copiedConfig>): Invocation {
  const node = 'it installs Node, which the machine has'
  if (!copied) return recipe('true', asked, `${node}, so there is nothing to do`)
  const { words, use } = recipe('sh', asked, `${node}; "Web.cloud.config" is copied over "Web.config"`)
  return { words: [...words, '-c', `'cp "$1" "$2"'`, 'sh', quote(copied.from), quote(copied.to)], use }
}

/** Programs for scripts that do not name theirs in a first line `#!`. */
const interpreters: Readonly<Record<string, string>> = { sh: 'sh', js: 'node', mjs: 'node', cjs: 'node', py: 'python3' }

/** Has the shell read the file that is its `$0`, however large it is: an argument would end at 128 KiB. */
const withoutReturns = `'eval "$(tr -d "\\r" < "$0")"'`

function invocation(found: FoundFile, kind: 'asIs' | 'standIn', asked: string): Invocation {
  const { path, head } = found
  const use = (programs: readonly string[]): Use => ({ kind, asked, programs, file: found })
  const file = path.includes('/') ? path : `./${path}`
  const [line = ''] = /^#![^\n]*/.exec(head()) ?? []
  const named = line.slice(2).trim()
  const ending = interpreters[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
  const interpreter = named === '' ? ending : named
  if (interpreter === undefined || (named !== '' && !head().includes('\r\n')))
    return { words: [quote(file)], use: use([file]) }
  const words = interpreter.split(/\s+/)
  const run = words.map(quote)
  const programs = words[0]?.endsWith('/env') ? words.slice(0, 2) : words.slice(0, 1)
  // Windows saves text with CR LF. The system would look for an interpreter whose name ends in CR, and a shell for such commands.
  const isShell = /(?:^|\/|\s)(?:ba|da|k|z)?sh$/.test(words.slice(0, 2).join(' ').replace(/ -.*/, ''))
  return isShell && head().includes('\r\n')
    ? { words: [...run, '-c', withoutReturns, quote(file)], use: use(programs) }
    : { words: [...run, quote(file)], use: use(programs) }
}
