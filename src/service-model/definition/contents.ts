import type { Element } from '../../kernel/xml.ts'
import type { Content } from '../definition.ts'
import { text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `Contents/Content` with its SourceDirectory: files that packing copies into approot (2.12). */
export function readContents(notes: Notes, holder: Element): readonly Content[] {
  const container = one(notes, holder, 'Contents')
  if (!container) return []
  checkShape(notes, container, { many: ['Content'] })
  return many(notes, container, 'Content').map((element) => {
    checkShape(notes, element, { attributes: ['destination'], once: ['SourceDirectory'] })
    const source = one(notes, element, 'SourceDirectory')
    if (source) checkShape(notes, source, { attributes: ['path'] })
    else fault(notes, element, 'Content needs a SourceDirectory that says where its files are.')
    return placed(notes, element, {
      destination: text(notes, element, 'destination'),
      sourceDirectory: source ? text(notes, source, 'path') : '',
    })
  })
}
