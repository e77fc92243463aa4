import type { Element } from '../../kernel/xml.ts'
import type { Reading } from '../reading.ts'

/** Faults found in one document while it is read: made for one reading, never stored. */
export interface Notes {
  readonly file: string
  readonly namespace: string
  /** Unknown elements and attributes are warnings instead of errors. */
  readonly lenient: boolean
  readonly errors: string[]
  readonly warnings: string[]
  /** Where a piece of the model stood, for the checks that come after reading. */
  readonly lines: WeakMap<object, number>
}

export function notesOn(file: string, namespace: string, lenient = false): Notes {
  return { file, namespace, lenient, errors: [], warnings: [], lines: new WeakMap() }
}

/** Notes an error at an element, at a piece of the model marked by `placed`, or at the document as a whole. */
export function fault(notes: Notes, where: object | undefined, text: string): void {
  notes.errors.push(`${place(notes, where)}: ${text}`)
}

export function warn(notes: Notes, where: object | undefined, text: string): void {
  notes.warnings.push(`${place(notes, where)}: ${text}`)
}

/** The piece of the model, with the line of its element remembered. */
export function placed<Piece extends object>(notes: Notes, element: Element, piece: Piece): Piece {
  notes.lines.set(piece, element.line)
  return piece
}

/** Most faults, and most warnings, that are reported for a document: a person mends these first. */
const mostTold = 50

/** Those that are reported; the others are counted. */
export function told(texts: readonly string[]): readonly string[] {
  return texts.length > mostTold ? [...texts.slice(0, mostTold), `There are ${texts.length - mostTold} more.`] : texts
}

/** The result of the reading; a document without faults has a value. */
export function concluded<Value>(notes: Notes, value?: Value): Reading<Value> {
  const [errors, warnings] = [told(notes.errors), told(notes.warnings)]
  return errors.length === 0 ? { value, errors, warnings } : { errors, warnings }
}

function place(notes: Notes, where: object | undefined): string {
  const line = where && (notes.lines.get(where) ?? (where as Partial<Element>).line)
  return line === undefined ? notes.file : `${notes.file}(${line})`
}
