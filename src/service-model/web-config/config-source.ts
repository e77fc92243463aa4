import type { Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { fault, type Notes } from '../document/notes.ts'

/**
 * The root element of the file of that name beside a configuration, or below it; undefined when there is none, or none that can be read. A caller that
 * cannot look there has no such function, and gets only the faults of its own file.
 */
export type PartOf = (name: string) => { readonly file: string; readonly element: Element } | undefined

/** An element, with the notes of the file in which it stands. */
export interface Written {
  readonly notes: Notes
  readonly element: Element
}

/** A section where it is written: in its own file, or in the one that its `configSource` names (I-52, I-64). A file that is not there is a fault, 500.19. */
export function sectionIn(notes: Notes, element: Element, partOf: PartOf | undefined): Written | undefined {
  const { configSource } = element.attributes
  if (configSource === undefined) return { notes, element }
  if (!partOf) return undefined
  const part = partIn(notes, element, configSource, partOf)
  if (!part)
    fault(notes, element, `configSource of ${element.local} names a file that is not there: ${brief(configSource)}.`)
  else if (part.element.attributes['configSource'] === undefined) return part
  else fault(part.notes, part.element, `configSource of ${element.local} has led here already, and leads no further.`)
  return undefined
}

/** The same element in another file. One with another root is a fault, and stands for an element without content. */
export function partIn(notes: Notes, { local, line }: Element, name: string, partOf: PartOf): Written | undefined {
  const part = partOf(name)
  if (!part) return undefined
  const { element, file } = part
  if (element.local === local) return { notes: { ...notes, file }, element }
  fault(notes, { line }, `the root element of ${file} must be ${local}; found ${brief(element.local)}.`)
  return { notes, element: { ...element, attributes: {}, children: [] } }
}
