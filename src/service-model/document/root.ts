import { type Element, parseXml, XmlError } from '../../kernel/xml.ts'
import { brief, isBounded, longestDocument, mostElements } from './bounds.ts'
import { fault, type Notes } from './notes.ts'

/** The root element of that name in the document's own namespace; undefined, and a fault noted, when it is something else or out of bounds. */
export function readRoot(notes: Notes, source: string, local: string): Element | undefined {
  const root = parseRoot(notes, source)
  if (!root) return undefined
  if (root.local === local && root.namespace === notes.namespace) return isBounded(notes, root) ? root : undefined
  const found = root.namespace
    ? `${brief(root.local)} of ${brief(root.namespace)}`
    : `${brief(root.local)} without a namespace`
  fault(notes, root, `the root element must be ${local} of ${notes.namespace}; found ${found}.`)
  return undefined
}

/** The root element, with any name; undefined, and a fault noted, when the document is too long, too large or not well-formed. */
export function parseRoot(notes: Notes, source: string): Element | undefined {
  if (source.length > longestDocument) {
    fault(notes, undefined, `the document has ${source.length} characters; ${longestDocument} are the most.`)
    return undefined
  }
  try {
    return parseXml(source, mostElements)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    fault(notes, error, `not well-formed XML: ${error.message}.`)
    return undefined
  }
}
