import type { Element, Markup } from '../../kernel/xml.ts'
import { child, XmlError } from '../../kernel/xml.ts'

/** A whole document of the wire protocol as text: UTF-8 XML with its declaration (wire-server.md 1.4). */
export function writeDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root.markup}`
}

/** The child of that name. Throws XmlError when it is missing. */
export function requiredChild(element: Element, local: string): Element {
  const found = child(element, local)
  if (!found) throw new XmlError(`<${element.local}> has no <${local}>`, element.line)
  return found
}

/** Trimmed text of the child of that name. Throws XmlError when the child is missing. */
export function requiredText(element: Element, local: string): string {
  return requiredChild(element, local).text.trim()
}

/** The attribute of that name. Throws XmlError when it is missing. */
export function requiredAttribute(element: Element, name: string): string {
  const value = element.attributes[name]
  if (value === undefined) throw new XmlError(`<${element.local}> has no attribute ${name}`, element.line)
  return value
}

/** A number in decimal digits. Throws XmlError for anything else. */
export function decimal(text: string, element: Element): number {
  if (!/^\d{1,15}$/.test(text))
    throw new XmlError(`"${text}" in <${element.local}> is not a decimal number`, element.line)
  return Number(text)
}

/** Throws XmlError unless the text is one of the words. */
export function oneOf<Word extends string>(words: readonly Word[], text: string, element: Element): Word {
  const found = words.find((word) => word === text)
  if (found === undefined)
    throw new XmlError(`"${text}" in <${element.local}> is none of ${words.join(', ')}`, element.line)
  return found
}
