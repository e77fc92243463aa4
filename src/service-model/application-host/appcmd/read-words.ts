import { own } from '../../../kernel/own.ts'
import { type Change, dotted, readParameter, type Step } from './read-parameter.ts'
import { codes, Refusal } from './refusal.ts'

/** A request to appcmd, in lower case where the original ignores case. */
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

/** The meaning of the original's words on this system. */
export interface Here {
  /** Of a path on a drive of the guest, the real one; undefined for any other. */
  readonly realPath: (path: string) => string | undefined
  /** The instance's own address: nobody here listens on all (I-10). */
  readonly address?: string | undefined
}

/** Reads the words of a command line. Throws a Refusal when they are not a command. */
export function readWords(words: readonly string[], here: Here): Command {
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
    else changes.push(onThisSystem(change, here))
  }
  return { verb: verb.toLowerCase(), object: singular(object.toLowerCase()), identifier, options, changes }
}

/** `sites` and `site` are the same. */
function singular(object: string): string {
  return object.replace(/s$/, '')
}

/** How values of attributes are meant, by the attribute's name in lower case. */
const meanings: Readonly<Record<string, (value: string, here: Here) => string>> = {
  physicalpath: (path, { realPath }) => realPath(path) ?? path,
  directory: (path, { realPath }) => realPath(path) ?? path,
  bindings: (list, { address }) => bindingsAt(list, address),
  bindinginformation: bindingAt,
}

function onThisSystem(change: Change, here: Here): Change {
  const meant = (name: string, value: string) => own(meanings, name.toLowerCase())?.(value, here) ?? value
  const last = change.steps.at(-1)
  const steps = change.steps.map(
    (step): Step =>
      step.kind === 'name'
        ? step
        : { ...step, attributes: step.attributes.map(([name, value]) => [name, meant(name, value)] as const) },
  )
  return last?.kind === 'name' && change.value !== undefined
    ? { ...change, steps, value: meant(last.name, change.value) }
    : { ...change, steps }
}

/** `*:80:www`, on the address. */
function bindingAt(information: string, { address }: Pick<Here, 'address'>): string {
  return address === undefined ? information : information.replace(/^\*?(?=:)/, address)
}

/** `http/*:80:,https/*:443:www`, or as URLs, `http://www:8080`. */
function bindingsAt(list: string, address: string | undefined): string {
  return list
    .split(',')
    .map((one) => {
      const [, scheme, host = '', port] = /^(https?):\/\/([^:/]+)(?::(\d+))?\/?$/.exec(one.trim()) ?? []
      const usual = scheme === 'https' ? '443' : '80'
      const written = scheme === undefined ? one.trim() : `${scheme}/*:${port ?? usual}:${host === '*' ? '' : host}`
      const [protocol = '', ...information] = written.split('/')
      return [protocol, bindingAt(information.join('/'), { address })].join('/')
    })
    .join(',')
}
