import { type Element, parseXml, XmlError } from '../../kernel/xml.ts'
import { fault, type Notes } from './notes.ts'

/** The root element of that name in the document's own namespace; undefined, and a fault noted, when it is something else. */
export function readRoot(notes: Notes, source: string, local: string): Element | undefined {
  try {
    const root = parseXml(source)
    if (root.local === local && root.namespace === notes.namespace) return root
    const found = root.namespace ? `${root.local} of ${root.namespace}` : `${root.local} without a namespace`
    fault(notes, root, `the root element must be ${local} of ${notes.namespace}; found ${found}.`)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    fault(notes, error, `not well-formed XML: ${error.message}.`)
  }
  return undefined
}
