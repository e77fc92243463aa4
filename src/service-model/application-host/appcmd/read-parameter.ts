/** One step on the way to an attribute or an item: a name, or an item of a collection by some of its attributes. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'item'
      readonly attributes: readonly (readonly [name: string, value: string])[]
      /** `@start`, `@end`, `@2`: where a new item goes. */
      readonly at?: string | undefined
    }

/** A parameter as a change: `/a.b:value`, `/+list.[name='x']`, `/-list.[name='x']`, `/~list`. */
export interface Change {
  readonly kind: 'set' | 'add' | 'remove' | 'clear'
  readonly steps: readonly Step[]
  readonly value?: string | undefined
}

const signs: Readonly<Record<string, Change['kind']>> = { '+': 'add', '-': 'remove', '~': 'clear' }

/** A parameter without the `/` or `-` in front of it; undefined when it is none. */
export function readParameter(text: string): Change | undefined {
  const kind = signs[text.charAt(0)]
  const steps: Step[] = []
  let rest = kind === undefined ? text : text.slice(1)
  for (;;) {
    const read = rest.startsWith('[') ? readItem(rest) : readName(rest)
    if (!read) return undefined
    steps.push(read.step)
    rest = read.rest
    if (rest === '') return { kind: kind ?? 'set', steps }
    if (rest.startsWith(':')) return { kind: kind ?? 'set', steps, value: rest.slice(1) }
    if (rest.startsWith('.')) rest = rest.slice(1)
  }
}

interface Read {
  readonly step: Step
  readonly rest: string
}

function readName(text: string): Read | undefined {
  const [name] = /^[^.:[\]]+/.exec(text) ?? []
  return name === undefined ? undefined : { step: { kind: 'name', name }, rest: text.slice(name.length) }
}

/** `[@end,name='x',path=/]`: quoted text may contain `,` and `]`. */
function readItem(text: string): Read | undefined {
  const attributes: [string, string][] = []
  let at: string | undefined
  let rest = text.slice(1)
  for (;;) {
    const [position, place] = /^\s*@(\w+)/.exec(rest) ?? []
    const [pair, name = '', , single, double, bare] =
      /^\s*([\w.:-]+)\s*=\s*('([^']*)'|"([^"]*)"|([^,\]]*))/.exec(rest) ?? []
    if (position !== undefined) at = place
    else if (pair !== undefined) attributes.push([name, single ?? double ?? bare ?? ''])
    else return undefined
    rest = rest.slice((position ?? pair ?? '').length).trimStart()
    if (rest.startsWith(']')) return { step: { kind: 'item', attributes, at }, rest: rest.slice(1) }
    if (!rest.startsWith(',')) return undefined
    rest = rest.slice(1)
  }
}

/** The names of a way without items, with dots: `processModel.idleTimeout`. */
export function dotted(steps: readonly Step[]): string | undefined {
  const names = steps.map((step) => (step.kind === 'name' ? step.name : undefined))
  return names.includes(undefined) ? undefined : names.join('.')
}
