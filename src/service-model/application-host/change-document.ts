import type { Element } from '../../kernel/xml.ts'

/** An element that stands nowhere yet. */
export function newElement(
  local: string,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Element[] = [],
): Element {
  return { local, namespace: '', attributes, children, text: '', line: 0 }
}

/** The element with one of its children, found or made, in another state; undefined takes it away. */
export function changeChild(
  parent: Element,
  is: (child: Element) => boolean,
  made: Element,
  change: (child: Element) => Element | undefined,
): Element {
  const at = parent.children.findIndex(is)
  const changed = change(parent.children[at] ?? made)
  const put = changed ? [changed] : []
  return { ...parent, children: at < 0 ? [...parent.children, ...put] : parent.children.toSpliced(at, 1, ...put) }
}

/** The same at the end of a path of names, each found or made below the one before. */
export function changeBelow(
  parent: Element,
  [name, ...rest]: readonly string[],
  change: (child: Element) => Element | undefined,
): Element {
  if (name === undefined) return change(parent) ?? parent
  return changeChild(
    parent,
    ({ local }) => local === name,
    newElement(name),
    (found) => (rest.length === 0 ? change(found) : changeBelow(found, rest, change)),
  )
}

/** The element at the end of a path of names; undefined when there is none. */
export function elementBelow(parent: Element, names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((at, name) => at?.children.find(({ local }) => local === name), parent)
}
