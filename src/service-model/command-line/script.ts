import type { Wine } from './by-wine.ts'
import { meant } from './expand.ts'
import { quote, turned } from './quote.ts'
import type { Redirection } from './syntax.ts'
import type { FindFile, Use } from './use.ts'

/** What a line is turned into: text for `sh -c`, usable only when none of `uses` is missing or unknown. */
export interface Script {
  /** A program, which can take the shell's place; one command of the shell; or several. */
  readonly kind: 'program' | 'command' | 'line'
  readonly text: string
  readonly redirections: string
  /** The programs that it runs, in order. */
  readonly uses: readonly Use[]
}

/** The input for reading a line. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string>>
  readonly find: FindFile
  /** Undefined where the machine has none. */
  readonly wine?: Wine | undefined
  /** How many programs that only run another stand around the line. */
  readonly wrappers?: number | undefined
  /** Of a batch file that is read here: its labels, by their names in lower case. */
  readonly batch?: { readonly labels: ReadonlyMap<string, number> } | undefined
}

/** One command of the shell itself. */
export function shellCommand(text: string, uses: readonly Use[] = []): Script {
  return { kind: 'command', text, redirections: '', uses }
}

/** Instead of a program that nothing here can run; `why` names a way out. */
export function unknownCommand(asked: string, why: string): Script {
  return shellCommand(':', [{ kind: 'unknown', asked: meant(asked), why: meant(why) }])
}

/** The script as one command among others. A program runs in a shell of its own, so that its name is never a word of the shell. */
export function nested({ kind, text, redirections }: Script): string {
  if (kind === 'program') return `(exec ${text}${redirections})`
  return `${kind === 'line' ? `{ ${text}; }` : text}${redirections}`
}

/** The script with redirections around it; those that it has itself come later, and win. */
export function redirected(script: Script, redirections: readonly Redirection[], { find }: Surroundings): Script {
  const written = redirections.map(({ descriptor, operator, target }) =>
    target.startsWith('&') ? ` ${descriptor}${operator}${target}` : ` ${descriptor}${operator} ${fileOf(target, find)}`,
  )
  return { ...script, redirections: written.join('') + script.redirections }
}

function fileOf(target: string, find: FindFile): string {
  return /^nul:?$/i.test(target) ? '/dev/null' : pathOf(target, find)
}

/** A path, `\` turned, in the real case of what is there. */
export function pathOf(path: string, find: FindFile): string {
  const wanted = meant(path).replaceAll('\\', '/')
  return quote(find(wanted)?.path ?? wanted)
}

/** An argument as its program receives it. An argument that looks like the path of a file in another case is corrected. */
export function argumentOf(argument: string, find: FindFile): string {
  const text = turned(meant(argument))
  const found = /[./]/.test(text) ? find(text) : undefined
  return quote(found?.path ?? text)
}
