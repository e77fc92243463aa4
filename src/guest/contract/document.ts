import type { Tag } from '../../kernel/document/description.ts'
import { instanceNamespace, Misfit } from '../../kernel/document/tag.ts'
import { type Element, parseXml } from '../../kernel/xml.ts'

/** A whole document of the wire protocol as text: UTF-8 XML with its declaration (wire-server.md 1.4). */
export function writeDocument<Value>(root: Tag<Value>, value: Value): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root.write(value)?.markup ?? ''}`
}

/** Throws XmlError, or its subclass Misfit, when the text is not such a document. */
export function readDocument<Value>(root: Tag<Value>, source: string): Value {
  return root.read(rootOf(root, source))
}

function rootOf({ name }: Tag<unknown>, source: string): Element {
  const element = parseXml(source)
  if (element.local !== name)
    throw new Misfit(`The root element is ${element.local}, where ${name} is expected.`, element.line)
  return element
}

/** Root attributes of the documents that name a schema. */
export function schema(file: string): Readonly<Record<string, string>> {
  return { 'xmlns:xsi': instanceNamespace, 'xsi:noNamespaceSchemaLocation': file }
}
