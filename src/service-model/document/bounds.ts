import type { Element } from '../../kernel/xml.ts'
import { fault, type Notes } from './notes.ts'

/** Characters of a document: a hundred times those of a large real one. */
export const longestDocument = 1024 * 1024

/** Elements of a document: real ones have at most some hundred. */
export const mostElements = 10_000

/** Characters of a name or a path: MAX_PATH of the systems that the files come from. */
const longestName = 260

/** Characters of a value or a command line: the limit of an environment variable there, which settings become by an xpath (2.14). */
const longestValue = 32_767

const values: ReadonlySet<string> = new Set(['value', 'commandLine', 'xpath', 'description', 'path'])

/** Whether every attribute has a length that its reader can handle; a longer one is a fault, and nothing else is checked (service-model.md 1). */
export function isBounded(notes: Notes, element: Element): boolean {
  checkAttributes(notes, element)
  for (const child of element.children) isBounded(notes, child)
  return notes.errors.length === 0
}

function checkAttributes(notes: Notes, element: Element): void {
  for (const [attribute, text] of Object.entries(element.attributes)) {
    const most = values.has(attribute) ? longestValue : longestName
    if (text.length > most || attribute.length > longestName)
      fault(
        notes,
        element,
        `the attribute ${brief(attribute)} of ${brief(element.local)} has ${text.length} characters; ${most} are the most.`,
      )
    else if (!values.has(attribute) && /\p{Cc}/u.test(text))
      fault(notes, element, `the attribute ${attribute} of ${element.local} holds a control character; remove it.`)
  }
}

/** The beginning of a document's content, for a message about it. */
export function brief(text: string): string {
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
}

const longestQuote = 100
