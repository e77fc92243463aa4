import type { Element } from '../../kernel/xml.ts'
import type { LocalResource } from '../definition.ts'
import { flag, integer, text } from '../document/attributes.ts'
import { type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** The default and the type are the XSD's; the published reference says 100 (2.7). The disk of the size sets a lower limit. */
const size = { min: 1, max: 2_147_483_647, usual: 1000 } as const

/** `LocalResources/LocalStorage`, and the legacy `LocalStorage` directly in the role (2.3, 2.7). */
export function readLocalResources(notes: Notes, holder: Element): readonly LocalResource[] {
  const container = one(notes, holder, 'LocalResources')
  if (container) checkShape(notes, container, { many: ['LocalStorage'] })
  return [...many(notes, holder, 'LocalStorage'), ...many(notes, container, 'LocalStorage')].map((element) => {
    checkShape(notes, element, { attributes: ['name', 'sizeInMB', 'cleanOnRoleRecycle'] })
    return placed(notes, element, {
      name: text(notes, element, 'name'),
      sizeInMB: integer(notes, element, 'sizeInMB', size, size.usual),
      cleanOnRoleRecycle: flag(notes, element, 'cleanOnRoleRecycle', true),
    })
  })
}
