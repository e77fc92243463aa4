import { type Element, type Markup, xml } from '../../../kernel/xml.ts'
import { instanceNamespace } from './namespaces.ts'

/**
 * One element of a document: a single description that writes it exactly and reads it with tolerance (R-15 to
 * Records of tags make documents, so writer and reader can never disagree.
 */
export interface Tag<Value> {
  readonly name: string
  /** Undefined leaves the element out. */
  write(value: Value, attributes?: Attributes): Markup | undefined
  /** Throws WireError when the content does not fit. */
  read(element: Element): Value
  /** What an element that is not there, or nil, means. Without it the element is required. */
  readonly absent?: (() => Value) | undefined
  /** When it is not that of the element around it. */
  readonly namespace?: string | undefined
}

export type ValueOf<T> = T extends Tag<infer Value> ? Value : never

export type Attributes = Readonly<Record<string, string>>

/** What is wrong with the content of a document, in a sentence. It never leaves the wire folder: documents answer with a Fault. */
export class WireError extends Error {}

/** A tag whose content is text. `read` gets it trimmed. */
export function scalar<Value extends string | number | boolean>(
  name: string,
  write: (value: Value) => string,
  read: (text: string) => Value,
): Tag<Value> {
  return {
    name,
    write: (value, attributes) => xml(name, attributes, write(value)),
    read: (element) => read(element.text.trim()),
  }
}

/** The same element in another namespace than the one around it. */
export function inNamespace<Value>(tag: Tag<Value>, namespace: string): Tag<Value> {
  return { ...tag, namespace, write: (value, attributes) => tag.write(value, { xmlns: namespace, ...attributes }) }
}

/** Left out when undefined; undefined when it is not there or nil. */
export function optional<Value>(tag: Tag<Value>): Tag<Value | undefined> {
  return {
    ...tag,
    write: (value, attributes) => (value === undefined ? undefined : tag.write(value, attributes)),
    absent: () => undefined,
  }
}

/** Present as `<X i:nil="true"/>` when undefined. */
export function orNil<Value>(tag: Tag<Value>): Tag<Value | undefined> {
  return {
    ...tag,
    write: (value, attributes) =>
      value === undefined ? xml(tag.name, { ...attributes, 'i:nil': 'true' }) : tag.write(value, attributes),
    absent: () => undefined,
  }
}

/** The value that an element which is not there stands for. */
export function orElse<Value>(tag: Tag<Value>, absent: Value): Tag<Value> {
  return { ...tag, absent: () => absent }
}

/** `<X/>` when empty. An absent list reads as empty; one with more than `most` items is refused. */
export function list<Value>(name: string, item: Tag<Value>, most = Number.POSITIVE_INFINITY): Tag<readonly Value[]> {
  return {
    name,
    write: (values, attributes) =>
      xml(
        name,
        attributes,
        values.map((value) => item.write(value)),
      ),
    read(element) {
      const found = childrenFor(element, item)
      if (found.length > most)
        throw new WireError(`The element ${name} holds ${found.length} ${item.name} where ${most} are allowed.`)
      return found.map((one) => item.read(one))
    },
    absent: () => [],
  }
}

/** Elements of that name in the right namespace; the others are ignored with what they hold. */
export function childrenFor(parent: Element, tag: Pick<Tag<unknown>, 'name' | 'namespace'>): readonly Element[] {
  const namespace = tag.namespace ?? parent.namespace
  return parent.children.filter((element) => element.local === tag.name && element.namespace === namespace)
}

export function isNil(element: Element): boolean {
  const nil = element.attributes[`{${instanceNamespace}}nil`]?.trim()
  return nil === 'true' || nil === '1'
}

/** Most that a refusal repeats of what it refuses. */
const shownLimit = 100

/** The value, unless it is undefined: then the text does not fit. */
export function fitting<Value>(name: string, text: string, value: Value | undefined, wanted: string): Value {
  const shown = text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text
  if (value === undefined) throw new WireError(`The element ${name} holds "${shown}" where ${wanted} is expected.`)
  return value
}
