import type { Element } from '../../kernel/xml.ts'
import type { LocalResource } from '../definition.ts'
import { flag, integer, text } from '../document/attributes.ts'
import { type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** The XSD's default; the published reference says 100 (2.7). */
const defaultSizeInMB = 1000

/** `LocalResources/LocalStorage`, and the legacy `LocalStorage` directly in the role (2.3, 2.7). */
export function readLocalResources(notes: Notes, holder: Element): readonly LocalResource[] {
  const container = one(notes, holder, 'LocalResources')
  if (container) checkShape(notes, container, { many: ['LocalStorage'] })
  return [...many(notes, holder, 'LocalStorage'), ...many(notes, container, 'LocalStorage')].map((element) => {
    checkShape(notes, element, { attributes: ['name', 'sizeInMB', 'cleanOnRoleRecycle'] })
    return placed(notes, element, {
      name: text(notes, element, 'name'),
      sizeInMB: integer(notes, element, 'sizeInMB', { min: 1, max: Number.MAX_SAFE_INTEGER }, defaultSizeInMB),
      cleanOnRoleRecycle: flag(notes, element, 'cleanOnRoleRecycle', true),
    })
  })
}
