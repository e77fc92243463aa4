import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { isNodeInstaller } from './node-installer.ts'
import { quote } from './quote.ts'

/** A file or directory of the role, found ignoring case. */
export interface FoundFile {
  /** As the shell reaches it from the working directory, in its real case. */
  readonly path: string
  /** Its first bytes as text; '' for a directory. */
  readonly head: () => string
}

/** Looks a path up, from the working directory, ignoring case below the role root; undefined when nothing is there. */
export type FindFile = (path: string) => FoundFile | undefined

/** How a program is run here. */
interface Invocation {
  /** Words of the shell, the program's own arguments to follow. */
  readonly words: readonly string[]
  /** What the system is asked to run: paths, or names on PATH. */
  readonly programs: readonly string[]
}

/** Endings that the original's command shell runs and this one cannot (design.md 6). */
const windowsPrograms = ['.cmd', '.bat', '.exe', '.ps1', '.vbs'] as const

/**
 * How to run the program that a command line names (design.md 6): the machine's Node, a file of the package or the file that
 * replaces it on this system, a known recipe; any other name is left for the shell to find on PATH. `plain` has `/` for `\`.
 */
export function resolveProgram(plain: string, find: FindFile): Result<Invocation> {
  if (/^(?:.*\/)?node(?:\.exe|\.cmd)?$/i.test(plain)) return fine({ words: ['node'], programs: ['node'] })
  const ending = windowsPrograms.find((known) => plain.toLowerCase().endsWith(known))
  const found = find(plain)
  if (ending === undefined && found) return fine(invocation(found))
  const written = ending ?? windowsPrograms.find((known) => find(plain + known))
  if (written === undefined) {
    const script = find(`${plain}.sh`)
    return fine(script ? invocation(script) : { words: [quote(plain)], programs: [plain] })
  }
  const stem = ending === undefined ? plain : plain.slice(0, -ending.length)
  const standIn = find(`${stem}.sh`) ?? (ending === undefined ? undefined : find(stem))
  if (standIn) return fine(invocation(standIn))
  if (isNodeInstaller(stem, (found ?? find(stem + written))?.head() ?? ''))
    return fine({ words: ['true'], programs: ['true'] })
  return refused('WindowsProgram', refusal(stem + written))
}

function refusal(file: string): string {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '')
  return `"${file}" is a program for Windows and cannot run here. Put "${stem}.sh" or "${stem}" beside it in the package, or deploy with --overlay and a directory or ZIP that holds it.`
}

/** Programs for scripts that do not name theirs in a first line `#!`. */
const interpreters: Readonly<Record<string, string>> = { sh: 'sh', js: 'node', mjs: 'node', cjs: 'node', py: 'python3' }

/** Has the shell read the file that is its `$0`, however large it is: an argument would end at 128 KiB. */
const withoutReturns = `'eval "$(tr -d "\\r" < "$0")"'`

function invocation({ path, head }: FoundFile): Invocation {
  const file = path.includes('/') ? path : `./${path}`
  const [line = ''] = /^#![^\n]*/.exec(head()) ?? []
  const named = line.slice(2).trim()
  const ending = interpreters[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
  const interpreter = named === '' ? ending : named
  if (interpreter === undefined || (named !== '' && !head().includes('\r\n')))
    return { words: [quote(file)], programs: [file] }
  const words = interpreter.split(/\s+/)
  const run = words.map(quote)
  const programs = words[0]?.endsWith('/env') ? words.slice(0, 2) : words.slice(0, 1)
  // Windows saves text with CR LF. The system would look for an interpreter whose name ends in CR, and a shell for such commands.
  const isShell = /(?:^|\/|\s)(?:ba|da|k|z)?sh$/.test(words.slice(0, 2).join(' ').replace(/ -.*/, ''))
  return isShell && head().includes('\r\n')
    ? { words: [...run, '-c', withoutReturns, quote(file)], programs }
    : { words: [...run, quote(file)], programs }
}
