import type { Tag } from '../../../kernel/document/description.ts'
import { instanceNamespace, Misfit } from '../../../kernel/document/tag.ts'
import { type Fault, fine, type Result, refused } from '../../../kernel/fault.ts'
import { type Element, parseXml, XmlError } from '../../../kernel/xml.ts'
import { managementNamespace, managementNamespaceOfPages } from './namespaces.ts'

/** Most elements of a document: Get Deployment of 10,000 instances has some 200,000, and each takes 100 bytes of memory and more. */
const elementLimit = 250_000

/** A request or answer body as a whole. */
export interface Document<Value> {
  readonly root: Tag<Value>
  /** Without declaration and white space, the two namespaces on the root. */
  write(value: Value): string
  /** Reads bytes in UTF-8, or text. `InvalidXmlRequest` when it is not such a document, `BadRequest` when its content does not fit. */
  read(source: Uint8Array | string): Result<Value>
}

/** The document whose root is this element. */
export function document<Value>(root: Tag<Value>, namespace: string = managementNamespace): Document<Value> {
  const accepted = namespace === managementNamespace ? [namespace, managementNamespaceOfPages] : [namespace]
  return {
    root,
    write: (value) => root.write(value, { xmlns: namespace, 'xmlns:i': instanceNamespace })?.markup ?? '',
    read(source) {
      const element = parse(source)
      if ('code' in element) return { ok: false, fault: element }
      if (element.local !== root.name || !accepted.includes(element.namespace))
        return invalid(
          `The root element is ${element.local} in the namespace "${element.namespace}", where ${root.name} in "${namespace}" is expected.`,
        )
      try {
        return fine(root.read(element))
      } catch (error) {
        if (error instanceof Misfit) return refused('BadRequest', error.message)
        throw error
      }
    },
  }
}

function parse(source: Uint8Array | string): Element | Fault {
  try {
    const text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source)
    return parseXml(withReferences(text), elementLimit)
  } catch (error) {
    if (error instanceof XmlError)
      return invalid(`The body is not well-formed XML: line ${error.line}: ${error.message.replace(/\.$/, '')}.`).fault
    if (error instanceof TypeError) return invalid(`The body is not UTF-8${otherThanUtf8(source)}. Send UTF-8.`).fault
    throw error
  }
}

/** The first bytes of a document that is not UTF-8. */
function otherThanUtf8([first, second]: Uint8Array | string): string {
  const begin = `${first} ${second}`
  if (begin === '255 254' || begin === '254 255') return ' but UTF-16, by its byte order mark'
  return begin === '31 139' ? ' but compressed by gzip' : ''
}

/**
 * A bare `&` stands for itself: package addresses with a signature arrive so. In CDATA and comments it does anyway, in an unclosed one
 * to the end: else each of many would be looked through to the end.
 */
function withReferences(source: string): string {
  return source.replace(
    /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|&(?!(?:[A-Za-z_:][\w:.-]*|#\d+|#x[\dA-Fa-f]+);)/g,
    (found) => (found === '&' ? '&amp;' : found),
  )
}

function invalid(message: string) {
  return refused('InvalidXmlRequest', message)
}
