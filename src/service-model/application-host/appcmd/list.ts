import { type Element, xml } from '../../../kernel/xml.ts'
import { documentOf, linesOf, markupOf } from '../write-application-host.ts'
import { type Answer, said } from './answer.ts'
import { type HostObject, type Kind, objectsOf } from './objects.ts'
import { type Change, dotted, readParameter, type Step } from './read-parameter.ts'
import type { Command } from './read-words.ts'
import { cannotFind, codes, Refusal } from './refusal.ts'

/** `list`: the objects of a kind that fit, one a line; nothing to list is 1, as a script asks by it. */
export function listObjects(root: Element, kind: Kind, { identifier, options, changes }: Command): Answer {
  const all = objectsOf(root, kind)
  const named = all.filter(({ name }) => identifier === undefined || isSame(name, identifier))
  if (identifier !== undefined && named.length === 0) throw cannotFind(kind, identifier, codes.notFound)
  const found = named.filter((one) => changes.every((filter) => fits(one, filter)))
  const exitCode = found.length === 0 ? codes.notFound : 0
  if (options.xml !== undefined) return { lines: inXml(found, options.config !== undefined), exitCode }
  const { text, config } = options
  const tell = (one: HostObject): readonly string[] => {
    if (text !== undefined) return text === '*' ? allOf(one) : [textOf(one, text)]
    return config === undefined ? [`${one.kind} "${one.name}" (${one.summary})`] : linesOf(markupOf(one.element))
  }
  return { ...said(found.flatMap(tell)), exitCode }
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** `/state:Started`, `/site.name:Web`, `/processModel.idleTimeout:00:00:00`; `$=` and asterisks for a pattern. */
function fits(one: HostObject, { steps, value = '' }: Change): boolean {
  const found = valueAt(one, steps) ?? ''
  const [, pattern] = /^\$=(.*)$/.exec(value) ?? []
  return pattern === undefined ? isSame(found, value) : isLike(found.toLowerCase(), pattern.toLowerCase().split('*'))
}

/** Whether a text begins and ends with the outer parts and has the others between them, in their order. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  if (rest.length === 0) return text === first
  const last = rest.at(-1) as string
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let at = first.length
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

function textOf(one: HostObject, text: string): string {
  const asked = readParameter(text)
  if (!asked) throw new Refusal(codes.badParameter, `Invalid parameter "text:${text}".`)
  return valueAt(one, asked.steps) ?? ''
}

/** The value of an object's own name, or from its configuration. */
function valueAt({ kind, name, element, attributes }: HostObject, steps: readonly Step[]): string | undefined {
  const asked = dotted(steps)?.toLowerCase() ?? ''
  if (asked === 'name') return name
  const own = Object.keys(attributes).find((known) => isSame(known, asked) || isSame(known, `${kind}.${asked}`))
  return own === undefined ? configured(element, steps) : attributes[own]
}

function configured(element: Element, [step, ...rest]: readonly Step[]): string | undefined {
  if (step === undefined) return undefined
  if (step.kind === 'name' && rest.length === 0)
    return Object.entries(element.attributes).find(([name]) => isSame(name, step.name))?.[1]
  const below = element.children.find((child) =>
    step.kind === 'name'
      ? isSame(child.local, step.name)
      : step.attributes.every(([name, value]) => isSame(configured(child, [{ kind: 'name', name }]) ?? '', value)),
  )
  return below && configured(below, rest)
}

function allOf({ kind, attributes, element }: HostObject): readonly string[] {
  const own = Object.entries(attributes).map(([name, value]) => `  ${name}:"${value}"`)
  return [kind, ...own, ...configurationOf(element, 1)]
}

function configurationOf({ local, attributes, children }: Element, depth: number): readonly string[] {
  const indent = '  '.repeat(depth)
  return [
    `${indent}[${local}]`,
    ...Object.entries(attributes).map(([name, value]) => `${indent}  ${name}:"${value}"`),
    ...children.flatMap((child) => configurationOf(child, depth + 1)),
  ]
}

/** The form that another appcmd reads with `/in`. */
function inXml(found: readonly HostObject[], withConfiguration: boolean): readonly string[] {
  const objects = found.map(({ kind, attributes, element }) =>
    xml(kind, attributes, withConfiguration ? markupOf(element) : undefined),
  )
  return documentOf(xml('appcmd', {}, objects))
    .trimEnd()
    .split('\n')
}
