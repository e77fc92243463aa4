import type { Element } from '../../kernel/xml.ts'
import { text } from '../document/attributes.ts'
import type { Notes } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `Imports/Import@moduleName`, as written (2.8). */
export function readImports(notes: Notes, holder: Element): readonly string[] {
  const container = one(notes, holder, 'Imports')
  if (!container) return []
  checkShape(notes, container, { many: ['Import'] })
  return many(notes, container, 'Import').map((element) => {
    checkShape(notes, element, { attributes: ['moduleName'] })
    return text(notes, element, 'moduleName')
  })
}
