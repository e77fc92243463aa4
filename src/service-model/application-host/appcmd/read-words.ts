import { type Change, dotted, readParameter, type Step } from './read-parameter.ts'
import { codes, Refusal } from './refusal.ts'

/** What is asked of appcmd, in lower case where the original ignores case. */
export interface Command {
  readonly verb: string
  /** `site`, `app`, `vdir`, `apppool`, `config`, … */
  readonly object: string
  /** The object's own name, or the path that a configuration is about. */
  readonly identifier?: string | undefined
  readonly options: Readonly<Partial<Record<Option, string>>>
  /** All other parameters, in their order. */
  readonly changes: readonly Change[]
}

const optionNames = ['section', 'commit', 'text', 'xml', 'in', 'config'] as const
type Option = (typeof optionNames)[number]

/** Attributes that are paths: a drive of the guest there is a real directory here. */
const paths: ReadonlySet<string> = new Set(['physicalpath', 'directory'])

/**
 * The words of a command line. `realPath`: of a path on a drive of the guest, the real one; undefined for any other. Throws a Refusal
 * for what is no command.
 */
export function readWords(words: readonly string[], realPath: (path: string) => string | undefined): Command {
  const [verb = '', object = '', ...rest] = words
  if (object === '') throw new Refusal(codes.badParameter, 'The command needs a verb and an object: list sites.')
  const marked = rest.map((word) => (/^[/-]/.test(word) ? word.slice(1) : undefined))
  const identifiers = rest.filter((_, index) => marked[index] === undefined)
  const [identifier, second] = identifiers
  if (second !== undefined) throw new Refusal(codes.badParameter, `Invalid parameter "${second}".`)
  const options: Partial<Record<Option, string>> = {}
  const changes: Change[] = []
  for (const word of marked.filter((text) => text !== undefined)) {
    const change = readParameter(word)
    if (!change) throw new Refusal(codes.badParameter, `Invalid parameter "${word}".`)
    const name = change.kind === 'set' ? dotted(change.steps)?.toLowerCase() : undefined
    const option = optionNames.find((known) => known === name)
    if (option) options[option] = change.value ?? ''
    else changes.push(onThisSystem(change, realPath))
  }
  return { verb: verb.toLowerCase(), object: singular(object.toLowerCase()), identifier, options, changes }
}

/** `sites` and `site` are the same. */
function singular(object: string): string {
  return object.replace(/s$/, '')
}

function onThisSystem(change: Change, realPath: (path: string) => string | undefined): Change {
  const mended = (name: string, value: string) => (paths.has(name.toLowerCase()) ? (realPath(value) ?? value) : value)
  const last = change.steps.at(-1)
  const steps = change.steps.map(
    (step): Step =>
      step.kind === 'name'
        ? step
        : { ...step, attributes: step.attributes.map(([name, value]) => [name, mended(name, value)] as const) },
  )
  return last?.kind === 'name' && change.value !== undefined
    ? { ...change, steps, value: mended(last.name, change.value) }
    : { ...change, steps }
}
