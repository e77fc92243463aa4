import { type Element, xml } from '../../kernel/xml.ts'

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

/** The same for what stands at the end of a path of names, each found or made below the one before. */
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

/** What stands at the end of a path of names; undefined when nothing does. */
export function elementBelow(parent: Element, names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((at, name) => at?.children.find(({ local }) => local === name), parent)
}

/** A whole configuration as a file: one element a line, elements in their order. Comments are gone, and so are attributes of other namespaces. */
export function writeDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${linesOf(root).join('\n')}\n`
}

/** An element and all in it, one a line, two blanks for each level. */
export function linesOf(element: Element, depth = 0): readonly string[] {
  const { local, namespace, attributes, children, text } = element
  const indent = '  '.repeat(depth)
  const written = Object.entries(attributes).filter(([name]) => !name.startsWith('{'))
  const isRoot = depth === 0 && namespace !== ''
  const all = { ...(isRoot && { xmlns: namespace }), ...Object.fromEntries(written) }
  if (children.length === 0) return [`${indent}${xml(local, all, text.trim()).markup}`]
  const start = xml(local, all).markup.replace(/\/>$/, '>')
  return [`${indent}${start}`, ...children.flatMap((child) => linesOf(child, depth + 1)), `${indent}</${local}>`]
}
