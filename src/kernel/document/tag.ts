import { type Element, XmlError, xml } from '../xml.ts'
import type { Tag } from './description.ts'

export type ValueOf<T> = T extends Tag<infer Value> ? Value : never

/** Namespace of `nil` and `type`. */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'

/** What is wrong with the content of a well-formed document, in a sentence, with the line. */
export class Misfit extends XmlError {}

/** The same element in another namespace than the one around it. */
export function inNamespace<Value>(tag: Tag<Value>, namespace: string): Tag<Value> {
  return { ...tag, namespace, write: (value, attributes) => tag.write(value, { xmlns: namespace, ...attributes }) }
}

/** Left out when undefined; undefined when absent or nil. */
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

/** The value of an absent element. */
export function orElse<Value>(tag: Tag<Value>, absent: Value): Tag<Value> {
  return { ...tag, absent: () => absent }
}

/** The same element for a value of another shape. */
export function mapped<Outer, Inner>(
  tag: Tag<Inner>,
  inner: (value: Outer) => Inner,
  outer: (value: Inner) => Outer,
): Tag<Outer> {
  const { absent } = tag
  return {
    ...tag,
    write: (value, attributes) => tag.write(inner(value), attributes),
    read: (element) => outer(tag.read(element)),
    absent: absent && (() => outer(absent())),
    inside: { kind: 'mapped', from: tag, outer: (value) => outer(value as Inner) },
  }
}

/** `<X/>` when empty. An absent list reads as empty; one with more than `most` items is refused. */
export function list<Value>(name: string, item: Tag<Value>, most = Number.POSITIVE_INFINITY): Tag<readonly Value[]> {
  return {
    kind: 'element',
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
        throw new Misfit(
          `The element ${name} holds ${found.length} ${item.name} where ${most} are allowed.`,
          element.line,
        )
      return found.map((one) => item.read(one))
    },
    absent: () => [],
    inside: { kind: 'list', item, most },
  }
}

/** Elements of that name in the right namespace; the others are ignored with their content. */
export function childrenFor(parent: Element, tag: Pick<Tag<unknown>, 'name' | 'namespace'>): readonly Element[] {
  const namespace = tag.namespace ?? parent.namespace
  return parent.children.filter((element) => element.local === tag.name && element.namespace === namespace)
}

/** If an element is repeated, the last one counts; a nil one counts as absent. */
export function childFor(parent: Element, tag: Pick<Tag<unknown>, 'name' | 'namespace'>): Element | undefined {
  const found = childrenFor(parent, tag).at(-1)
  return found && !isNil(found) ? found : undefined
}

function isNil(element: Element): boolean {
  const nil = element.attributes[`{${instanceNamespace}}nil`]?.trim()
  return nil === 'true' || nil === '1'
}
